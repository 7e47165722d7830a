import { answer, ifMatch, MERGE_PATCH, mergePatch, pageQuery } from '@switchboard/client';
import { queryOptions } from '@tanstack/react-query';
import { api, type Schema } from '../app/gateway';
import type { Change } from '../parts/form';
import type { ListSource } from '../parts/list';

export type Site = Schema<'SiteView'>;
export type SiteFields = Required<Schema<'SiteFields'>>;
export type NumberRange = Schema<'NumberRange'>;

const PAGE = 100;

/** The sites of a tenant, by name. */
export function sitesSource(tenant: string): ListSource<Site> {
  return {
    key: ['sites', tenant],
    read: ({ after, q, signal }) =>
      answer(
        api.GET('/tenants/{tenant}/sites', {
          params: { path: { tenant }, query: pageQuery(PAGE, after, q) },
          signal,
        }),
      ),
  };
}

/** One site. */
export function siteQuery(tenant: string, site: string) {
  return queryOptions({
    queryKey: ['site', tenant, site],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/tenants/{tenant}/sites/{site}', { params: { path: { tenant, site } }, signal }),
      ),
  });
}

/** Makes a site, and its root group. */
export function createSite(tenant: string, body: SiteFields): Promise<Site> {
  return answer(api.POST('/tenants/{tenant}/sites', { params: { path: { tenant } }, body }));
}

/** Changes what differs, as long as the site is still of the revision. */
export function updateSite(tenant: string, site: string, change: Change<SiteFields>) {
  return answer(
    api.PATCH('/tenants/{tenant}/sites/{site}', {
      params: { path: { tenant, site }, header: ifMatch(change.revision) },
      headers: MERGE_PATCH,
      body: mergePatch(change.base, change.fields),
    }),
  );
}

/** Removes a site with its root group and what is below, as it was when somebody looked at it. */
export async function removeSite(tenant: string, site: Site): Promise<void> {
  await answer(
    api.DELETE('/tenants/{tenant}/sites/{site}', {
      params: { path: { tenant, site: site.id } },
      headers: { ...ifMatch(site.revision) },
    }),
  );
}

/** What can be set on a site, as it is now. */
export function fieldsOfSite(site: Site): SiteFields {
  const names = Object.keys(NO_SITE) as (keyof SiteFields)[];
  return Object.fromEntries(names.map((name) => [name, site[name] ?? NO_SITE[name]])) as SiteFields;
}

/** A site of which nothing is known yet but the zone of whoever makes it. */
export const NO_SITE: SiteFields = {
  name: '',
  is_enabled: true,
  street: null,
  zip_code: null,
  city: null,
  state: null,
  country: null,
  time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
  number_ranges: [],
  features: [],
  is_reachable_when_unavailable: false,
};
