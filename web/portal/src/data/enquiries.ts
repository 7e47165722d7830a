import { answer, pageQuery } from '@switchboard/client';
import { queryOptions } from '@tanstack/react-query';
import { api, type Schema } from '../app/gateway';
import type { ListSource } from '../parts/list';

export type Enquiry = Schema<'Enquiry'>;
export type EnquiryState = 'open' | 'done';

export const ENQUIRY_STATES: readonly EnquiryState[] = ['open', 'done'];

const PAGE = 100;
/** How soon something that was just left is seen, in milliseconds. */
const LIST_MS = 5000;

/** What visitors left, newest first; only some of it when a state is given. */
export function enquiriesSource(
  tenant: string,
  state: EnquiryState | undefined,
): ListSource<Enquiry> {
  const only = state ? { state } : {};
  return {
    key: ['enquiries', tenant, state ?? 'all'],
    refreshMs: LIST_MS,
    read: ({ after, signal }) =>
      answer(
        api.GET('/tenants/{tenant}/enquiries', {
          params: { path: { tenant }, query: { ...pageQuery(PAGE, after), ...only } },
          signal,
        }),
      ),
  };
}

/** What one visitor left. */
export function enquiryQuery(tenant: string, enquiry: string) {
  return queryOptions({
    queryKey: ['enquiry', tenant, enquiry],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/tenants/{tenant}/enquiries/{enquiry}', {
          params: { path: { tenant, enquiry } },
          signal,
        }),
      ),
  });
}

/** Says that it is answered, or that it is not after all. */
export function setDone(tenant: string, enquiry: string, isDone: boolean): Promise<Enquiry> {
  const params = { path: { tenant, enquiry } };
  const path = '/tenants/{tenant}/enquiries/{enquiry}/done';
  return answer(isDone ? api.PUT(path, { params }) : api.DELETE(path, { params }));
}

export async function removeEnquiry(tenant: string, enquiry: string): Promise<void> {
  await answer(
    api.DELETE('/tenants/{tenant}/enquiries/{enquiry}', {
      params: { path: { tenant, enquiry } },
    }),
  );
}
