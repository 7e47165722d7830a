import type { QueryClient } from '@tanstack/react-query';
import { queryOptions } from '@tanstack/react-query';
import { groupsToChooseQuery } from './choices';
import type { Domain } from './domains';
import type { Group } from './groups';
import { allPublications, readEntries } from './publications';
import type { Site } from './sites';
import { treeOf } from './tree';
import { each } from './uses';

/** What goes or loses something when a group goes. */
export interface GroupDependents {
  /** The groups below, which go too. */
  below: string[];
  /** The publications that show any of them. */
  publications: string[];
}

/** What goes or loses something when a site goes. */
export interface SiteDependents extends GroupDependents {
  /** How many contacts are in the root group, home contacts included. */
  contacts: number;
  /** The publications that are of the site. */
  own: string[];
}

/** What depends on a group and on what is below it. */
export function groupDependentsQuery(client: QueryClient, tenant: string, group: Group) {
  return queryOptions({
    queryKey: ['dependents', tenant, 'group', group.id],
    staleTime: 0,
    queryFn: ({ signal }) => dependentsOf(client, tenant, { root: group.id, signal }),
  });
}

/** What depends on a site. */
export function siteDependentsQuery(client: QueryClient, tenant: string, site: Site) {
  return queryOptions({
    queryKey: ['dependents', tenant, 'site', site.id],
    staleTime: 0,
    queryFn: async ({ signal }): Promise<SiteDependents> => {
      const found = await dependentsOf(client, tenant, { root: site.root_group, signal });
      const publications = await allPublications(tenant, signal);
      const own = publications.filter((publication) => publication.site === site.id);
      return { ...found, own: own.map(({ title }) => title ?? '') };
    },
  });
}

/** The publications that a domain's pages may show. */
export function domainDependentsQuery(tenant: string, domain: Domain) {
  return queryOptions({
    queryKey: ['dependents', tenant, 'domain', domain.id],
    staleTime: 0,
    queryFn: async ({ signal }) => {
      const publications = await allPublications(tenant, signal);
      return publications.filter(({ domains }) => domains?.includes(domain.id));
    },
  });
}

async function dependentsOf(
  client: QueryClient,
  tenant: string,
  { root, signal }: { root: string; signal: AbortSignal },
): Promise<GroupDependents & { contacts: number }> {
  const [groups, publications] = await Promise.all([
    client.fetchQuery({ ...groupsToChooseQuery(tenant), staleTime: 0 }),
    allPublications(tenant, signal),
  ]);
  const going = treeOf(groups).within(root);
  const ids = new Set(going.map(({ id }) => id));
  const shows = await each(publications, async ({ id }) => {
    const entries = await readEntries(tenant, id, signal);
    return entries.some((entry) => 'group' in entry && ids.has(entry.group));
  });
  return {
    below: going.slice(1).map(({ name }) => name ?? ''),
    publications: publications.filter((_, at) => shows[at]).map(({ title }) => title ?? ''),
    contacts: going[0]?.member_count ?? 0,
  };
}
