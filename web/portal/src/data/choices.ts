import { answer, pageQuery, readAll } from '@switchboard/client';
import { queryOptions } from '@tanstack/react-query';
import { api } from '../app/gateway';
import type { Picks } from '../parts/SearchPicker';

const PAGE = 500;

/** Every site of a tenant, for a choice. */
export function sitesToChooseQuery(tenant: string) {
  return queryOptions({
    queryKey: ['sites', tenant, 'choice'],
    queryFn: ({ signal }) =>
      readAll((after) =>
        answer(
          api.GET('/tenants/{tenant}/sites', {
            params: { path: { tenant }, query: { limit: PAGE, ...(after ? { after } : {}) } },
            signal,
          }),
        ),
      ),
  });
}

/** Every group of a tenant, for a choice. */
export function groupsToChooseQuery(tenant: string) {
  return queryOptions({
    queryKey: ['groups', tenant, 'choice'],
    queryFn: ({ signal }) =>
      readAll((after) =>
        answer(
          api.GET('/tenants/{tenant}/groups', {
            params: { path: { tenant }, query: { limit: PAGE, ...(after ? { after } : {}) } },
            signal,
          }),
        ),
      ),
  });
}

/** Every publication of a tenant, for a choice. */
export function publicationsToChooseQuery(tenant: string) {
  return queryOptions({
    queryKey: ['publications', tenant, 'choice'],
    queryFn: ({ signal }) =>
      readAll((after) =>
        answer(
          api.GET('/tenants/{tenant}/publications', {
            params: { path: { tenant }, query: { limit: PAGE, ...(after ? { after } : {}) } },
            signal,
          }),
        ),
      ),
  });
}

/** How many are offered while somebody writes. */
const OFFERED = 20;

/** The first sites in which every word occurs. */
export async function searchSites(
  tenant: string,
  words: string,
  signal: AbortSignal,
): Promise<Picks[]> {
  const query = pageQuery(OFFERED, undefined, words);
  const { items } = await answer(
    api.GET('/tenants/{tenant}/sites', { params: { path: { tenant }, query }, signal }),
  );
  return [{ picks: items.map(({ id, name }) => ({ id, name })) }];
}

/** The first groups in which every word occurs; `isOwn` leaves out those that follow a directory. */
export async function searchGroups(
  tenant: string,
  words: string,
  signal: AbortSignal,
  isOwn = false,
): Promise<Picks[]> {
  const query = pageQuery(OFFERED, undefined, words);
  const { items } = await answer(
    api.GET('/tenants/{tenant}/groups', { params: { path: { tenant }, query }, signal }),
  );
  const offered = items.filter(({ synced_from }) => !(isOwn && synced_from));
  return [{ picks: offered.map(({ id, name }) => ({ id, name })) }];
}
