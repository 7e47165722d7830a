import { answer, ifMatch, MERGE_PATCH, mergePatch, pageQuery, readAll } from '@switchboard/client';
import { queryOptions } from '@tanstack/react-query';
import { api, type Schema } from '../app/gateway';
import type { Change } from '../parts/form';
import type { ListSource } from '../parts/list';

export type Alert = Schema<'AlertView'>;
export type AlertFields = Required<Schema<'AlertFields'>>;

const PAGE = 100;
/** How soon is seen whether a message arrived, in milliseconds. */
const LIST_MS = 10_000;

/** Who is told what happens to runs of a tenant, by name. */
export function alertsSource(tenant: string): ListSource<Alert> {
  return {
    key: ['alerts', tenant],
    refreshMs: LIST_MS,
    read: ({ after, q, signal }) =>
      answer(
        api.GET('/tenants/{tenant}/alerts', {
          params: { path: { tenant }, query: pageQuery(PAGE, after, q) },
          signal,
        }),
      ),
  };
}

/** Everybody who can be told something. */
export function alertsToChooseQuery(tenant: string) {
  const { read } = alertsSource(tenant);
  return queryOptions({
    queryKey: ['alerts', tenant, 'choose'],
    queryFn: ({ signal }) => readAll((after) => read({ after, q: undefined, signal })),
  });
}

/** One of them, as it is now. */
export function readAlert(tenant: string, alert: string): Promise<Alert> {
  return answer(
    api.GET('/tenants/{tenant}/alerts/{alert}', { params: { path: { tenant, alert } } }),
  );
}

export function createAlert(tenant: string, body: AlertFields): Promise<Alert> {
  return answer(api.POST('/tenants/{tenant}/alerts', { params: { path: { tenant } }, body }));
}

/** Changes what differs, as long as it is still of the revision. */
export function updateAlert(
  tenant: string,
  alert: string,
  change: Change<AlertFields>,
): Promise<Alert> {
  return answer(
    api.PATCH('/tenants/{tenant}/alerts/{alert}', {
      params: { path: { tenant, alert }, header: ifMatch(change.revision) },
      headers: MERGE_PATCH,
      body: mergePatch(change.base, change.fields),
    }),
  );
}

export async function removeAlert(tenant: string, alert: string): Promise<void> {
  await answer(
    api.DELETE('/tenants/{tenant}/alerts/{alert}', { params: { path: { tenant, alert } } }),
  );
}

/** Keeps what signs requests to a web server. */
export async function setAlertSecret(tenant: string, alert: string, secret: string): Promise<void> {
  const params = { path: { tenant, alert } };
  await answer(api.PUT('/tenants/{tenant}/alerts/{alert}/secret', { params, body: { secret } }));
}

/** Sends a message that says nothing. */
export async function testAlert(tenant: string, alert: string): Promise<void> {
  await answer(
    api.POST('/tenants/{tenant}/alerts/{alert}/test', { params: { path: { tenant, alert } } }),
  );
}
