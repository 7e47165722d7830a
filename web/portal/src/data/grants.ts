import { answer, pageQuery, readAll } from '@switchboard/client';
import { queryOptions } from '@tanstack/react-query';
import { api, type Schema } from '../app/gateway';

export type Grant = Schema<'GrantView'>;

/** Every grant of a tenant: the API lists them for all users together. */
export function grantsQuery(tenant: string) {
  return queryOptions({
    queryKey: ['grants', tenant],
    queryFn: ({ signal }) =>
      readAll((after) =>
        answer(
          api.GET('/tenants/{tenant}/grants', {
            params: { path: { tenant }, query: pageQuery(500, after) },
            signal,
          }),
        ),
      ),
  });
}

export function createGrant(tenant: string, body: Schema<'GrantFields'>): Promise<Grant> {
  return answer(api.POST('/tenants/{tenant}/grants', { params: { path: { tenant } }, body }));
}

export async function removeGrant(tenant: string, grant: string): Promise<void> {
  await answer(
    api.DELETE('/tenants/{tenant}/grants/{grant}', { params: { path: { tenant, grant } } }),
  );
}
