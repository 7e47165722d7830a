import { answer, readAll } from '@switchboard/client';
import { queryOptions } from '@tanstack/react-query';
import { api } from '../app/gateway';
import type { Contact } from './contacts';

/** Where a contact is used. */
export interface Uses {
  groups: string[];
  publications: string[];
}

const PAGE = 500;
/** How many groups and publications are asked at the same time. */
const AT_ONCE = 6;

/**
 * The groups and publications that a contact is in. The API does not answer this in one request, so
 * each group and publication that the one who works may see is asked.
 */
export function usesQuery(tenant: string, contact: Contact) {
  return queryOptions({
    queryKey: ['uses', tenant, contact.id],
    staleTime: 0,
    queryFn: async ({ signal }): Promise<Uses> => {
      const [groups, publications] = await Promise.all([
        groupsOf(tenant, contact, signal),
        publicationsOf(tenant, contact, signal),
      ]);
      return { groups, publications };
    },
  });
}

async function groupsOf(tenant: string, contact: Contact, signal: AbortSignal): Promise<string[]> {
  const groups = await readAll((after) =>
    answer(
      api.GET('/tenants/{tenant}/groups', {
        params: { path: { tenant }, query: { limit: PAGE, ...(after ? { after } : {}) } },
        signal,
      }),
    ),
  );
  const asked = groups.filter(({ member_count }) => member_count > 0);
  const holds = await each(asked, async ({ id }) => {
    const members = await answer(
      api.GET('/tenants/{tenant}/groups/{group}/members', {
        params: { path: { tenant, group: id }, query: { limit: PAGE, q: contact.shown_name } },
        signal,
      }),
    );
    return members.items.some((member) => member.id === contact.id);
  });
  return asked.filter((_, at) => holds[at]).map(({ name }) => name ?? '');
}

async function publicationsOf(
  tenant: string,
  contact: Contact,
  signal: AbortSignal,
): Promise<string[]> {
  const publications = await readAll((after) =>
    answer(
      api.GET('/tenants/{tenant}/publications', {
        params: { path: { tenant }, query: { limit: PAGE, ...(after ? { after } : {}) } },
        signal,
      }),
    ),
  );
  const holds = await each(publications, async ({ id }) => {
    const { entries } = await answer(
      api.GET('/tenants/{tenant}/publications/{publication}/entries', {
        params: { path: { tenant, publication: id } },
        signal,
      }),
    );
    return entries.some((entry) => 'contact' in entry && entry.contact === contact.id);
  });
  return publications.filter((_, at) => holds[at]).map(({ title }) => title ?? '');
}

/** Asks about each item, a few at a time, in order. */
export async function each<T, R>(items: readonly T[], ask: (item: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    answers.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(ask))));
  }
  return answers;
}
