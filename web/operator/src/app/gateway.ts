/** What of the gateway's API the operator asks besides presence interface V2. */
import { answer, isProblem } from '@switchboard/client';
import { api, type Schema } from '@switchboard/portal/app/gateway';
import { queryOptions } from '@tanstack/react-query';
import type { Team } from '../people/team';
import { MOST_PEOPLE } from '../people/team';

export type OwnPresence = Schema<'PresenceView'>;

/** How many groups are looked at. */
const MOST_TEAMS = 30;
/** How many people one search finds. */
const MOST_FOUND = 20;
/** How long a list of colleagues is good, in milliseconds. */
const TEAMS_MS = 300_000;

/** What the contact shows, and what decides it; asked anew when something is told. */
export function ownPresenceQuery(tenant: string, contact: string) {
  return queryOptions({
    queryKey: ['own_presence', tenant, contact],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/tenants/{tenant}/contacts/{contact}/presence', {
          params: { path: { tenant, contact } },
          signal,
        }),
      ),
  });
}

/** The groups of the one who works, with their members; null where the role shows no contacts. */
export function teamsQuery(tenant: string, contact: string) {
  return queryOptions({
    queryKey: ['teams', tenant, contact],
    staleTime: TEAMS_MS,
    refetchInterval: TEAMS_MS,
    queryFn: async ({ signal }): Promise<Team[] | null> => {
      const params = { path: { tenant, contact } };
      const path = '/tenants/{tenant}/contacts/{contact}/uses';
      const { groups } = await answer(api.GET(path, { params, signal }));
      try {
        // Asked even where there is no group: that says whether colleagues may be seen at all.
        await people(tenant, { limit: 1 }, signal);
        const all = groups.slice(0, MOST_TEAMS);
        return await Promise.all(all.map((group) => teamOf(tenant, group, signal)));
      } catch (error) {
        if (isProblem(error, 'forbidden', 'not_found')) return null;
        throw error;
      }
    },
  });
}

async function teamOf(
  tenant: string,
  { id, name }: { id: string; name: string },
  signal: AbortSignal,
): Promise<Team> {
  const page = await people(tenant, { group: id, is_disabled: false, limit: MOST_PEOPLE }, signal);
  const members = page.items.map((contact) => contact.id);
  return { id, name, members, hasMore: Boolean(page.next) };
}

/** Who is found by what somebody types. */
export function foundQuery(tenant: string, q: string) {
  return queryOptions({
    queryKey: ['found', tenant, q],
    queryFn: async ({ signal }) => {
      const page = await people(tenant, { q, is_disabled: false, limit: MOST_FOUND }, signal);
      return { ids: page.items.map(({ id }) => id), hasMore: Boolean(page.next) };
    },
  });
}

interface Wanted {
  limit: number;
  q?: string;
  group?: string;
  is_disabled?: boolean;
}

function people(tenant: string, query: Wanted, signal: AbortSignal) {
  const params = { path: { tenant }, query };
  return answer(api.GET('/tenants/{tenant}/contacts', { params, signal }));
}
