import { answer } from '@switchboard/client';
import { queryOptions } from '@tanstack/react-query';
import { api } from '../app/gateway';
import type { Contact } from './contacts';

/** Where a contact is used. */
export interface Uses {
  groups: string[];
  /** Its home site, as far as it has one. */
  home: string[];
  /** The other sites in whose groups it is. */
  sites: string[];
  publications: string[];
}

/** How many things are asked about at the same time. */
const AT_ONCE = 6;

/** What a contact leaves when it is removed. */
export function usesQuery(tenant: string, contact: Contact) {
  return queryOptions({
    queryKey: ['uses', tenant, contact.id],
    staleTime: 0,
    queryFn: ({ signal }) => usesOf(tenant, contact.id, signal),
  });
}

/** The same for several contacts: each site, group and publication once. */
export function usesOfAllQuery(tenant: string, contacts: readonly Contact[]) {
  const ids = contacts.map(({ id }) => id);
  return queryOptions({
    queryKey: ['uses', tenant, 'all', ids],
    staleTime: 0,
    queryFn: async ({ signal }): Promise<Uses> => {
      const found = await each(ids, (id) => usesOf(tenant, id, signal));
      const once = (names: string[]) => [...new Set(names)].sort((a, b) => a.localeCompare(b));
      const all = (kind: keyof Uses) => once(found.flatMap((uses) => uses[kind]));
      // Where one of them is at home another one may only be in a group.
      const sites = once([...all('home'), ...all('sites')]);
      return { home: [], sites, groups: all('groups'), publications: all('publications') };
    },
  });
}

async function usesOf(tenant: string, contact: string, signal: AbortSignal): Promise<Uses> {
  const { groups, sites, publications } = await answer(
    api.GET('/tenants/{tenant}/contacts/{contact}/uses', {
      params: { path: { tenant, contact } },
      signal,
    }),
  );
  const names = (uses: { name: string }[]) => uses.map(({ name }) => name);
  return {
    home: names(sites.filter(({ is_home }) => is_home)),
    sites: names(sites.filter(({ is_home }) => !is_home)),
    groups: names(groups),
    publications: names(publications),
  };
}

/** Asks about each item, a few at a time, in order. */
export async function each<T, R>(items: readonly T[], ask: (item: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    answers.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(ask))));
  }
  return answers;
}
