import { answer, pageQuery, readAll } from '@switchboard/client';
import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { api, type Schema } from '../app/gateway';

export type Grant = Schema<'GrantView'>;

/** On what a role can be held in a tenant. */
export const SCOPES_IN_TENANT = ['tenant', 'site', 'group', 'publication'] as const;

export type ScopeInTenant = (typeof SCOPES_IN_TENANT)[number];

/** Every grant of a tenant, or those on scopes of one kind: the API lists them for all users together. */
export function readGrants(
  tenant: string,
  signal: AbortSignal,
  scope?: ScopeInTenant,
): Promise<Grant[]> {
  return readAll((after) =>
    answer(
      api.GET('/tenants/{tenant}/grants', {
        params: { path: { tenant }, query: { ...pageQuery(500, after), ...(scope && { scope }) } },
        signal,
      }),
    ),
  );
}

/** Every grant of a tenant. */
export function grantsQuery(tenant: string) {
  return queryOptions({
    queryKey: ['grants', tenant],
    queryFn: ({ signal }) => readGrants(tenant, signal),
  });
}

/** Has everything be read again that shows who has which role. */
export async function grantsChanged(client: QueryClient, tenant: string): Promise<void> {
  await Promise.all(
    ['grants', 'users'].map((kind) => client.invalidateQueries({ queryKey: [kind, tenant] })),
  );
}

export function createGrant(tenant: string, body: Schema<'GrantFields'>): Promise<Grant> {
  return answer(api.POST('/tenants/{tenant}/grants', { params: { path: { tenant } }, body }));
}

export async function removeGrant(tenant: string, grant: string): Promise<void> {
  await answer(
    api.DELETE('/tenants/{tenant}/grants/{grant}', { params: { path: { tenant, grant } } }),
  );
}
