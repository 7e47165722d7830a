import { answer, ifMatch, MERGE_PATCH, mergePatch, pageQuery } from '@switchboard/client';
import { queryOptions } from '@tanstack/react-query';
import { api, type Schema } from '../app/gateway';
import type { ListSource } from '../parts/list';

export type Tenant = Schema<'TenantView'>;
export type TenantFields = Required<Schema<'TenantFields'>>;

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

/** Makes a tenant. */
export function createTenant(body: TenantFields): Promise<Tenant> {
  return answer(api.POST('/tenants', { body }));
}

/** Changes what differs from `base`, as long as the tenant is still of `revision`. */
export function updateTenant(
  tenant: string,
  change: { revision: number; base: TenantFields; fields: TenantFields },
): Promise<Tenant> {
  const { revision, base, fields } = change;
  return answer(
    api.PATCH('/tenants/{tenant}', {
      params: { path: { tenant }, header: ifMatch(revision) },
      headers: MERGE_PATCH,
      body: mergePatch(base, fields),
    }),
  );
}

/** Removes a tenant with everything of it. */
export async function removeTenant(tenant: string): Promise<void> {
  await answer(api.DELETE('/tenants/{tenant}', { params: { path: { tenant } } }));
}

/** Replaces the SDK key; the one before ends at once. */
export function rotateSdkKey(tenant: string): Promise<Tenant> {
  return answer(api.POST('/tenants/{tenant}/sdk_key/rotate', { params: { path: { tenant } } }));
}

/** What can be set on a tenant, as it is now. */
export function fieldsOfTenant(tenant: Tenant): TenantFields {
  const names = Object.keys(NO_TENANT) as (keyof TenantFields)[];
  const set = names.map((name) => [name, tenant[name] ?? NO_TENANT[name]]);
  return Object.fromEntries(set) as TenantFields;
}

/** A tenant of which nothing is known yet, with the gateway's defaults. */
export const NO_TENANT: TenantFields = {
  name: '',
  company_name: null,
  reseller: null,
  is_disabled: false,
  base_api_internal_urls: [],
  base_api_external_url: null,
  header_key: null,
  header_value: null,
  is_participants_shown: false,
  is_chat_history_sent: false,
  is_cors_disabled: false,
  is_auto_sync_on_adding_enabled: false,
  is_vcard_enabled: false,
  is_directory_sync_enabled: true,
  is_chat_history_saved: false,
  is_client_ip_saved: false,
  modalities: ['chat', 'audio', 'video', 'phone', 'mail'],
  is_reachable_when_away: true,
  is_no_history: false,
  is_second_factor_required: false,
  client_licences: 0,
  has_extension_lists: false,
  follows_meetings: true,
};
