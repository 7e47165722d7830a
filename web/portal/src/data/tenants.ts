import { answer, pageQuery } from '@switchboard/client';
import { queryOptions } from '@tanstack/react-query';
import { api, type Schema } from '../app/gateway';
import type { ListSource } from '../parts/list';

export type Tenant = Schema<'TenantView'>;

const PAGE = 100;
/** How many tenants the switcher offers; the list of tenants has them all. */
const SWITCHED = 20;

/** One tenant. */
export function tenantQuery(tenant: string) {
  return queryOptions({
    queryKey: ['tenant', tenant],
    queryFn: ({ signal }) =>
      answer(api.GET('/tenants/{tenant}', { params: { path: { tenant } }, signal })),
  });
}

/** The tenants that the one who works may see. */
export const tenantsSource: ListSource<Tenant> = {
  key: ['tenants'],
  read: ({ after, q, signal }) =>
    answer(api.GET('/tenants', { params: { query: pageQuery(PAGE, after, q) }, signal })),
};

export const tenantsToSwitchQuery = queryOptions({
  queryKey: ['tenants', 'switch'],
  queryFn: async ({ signal }) => {
    const page = await answer(
      api.GET('/tenants', { params: { query: { limit: SWITCHED } }, signal }),
    );
    return page.items;
  },
});
