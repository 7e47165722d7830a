import { answer } from '@switchboard/client';
import { queryOptions } from '@tanstack/react-query';
import { api, type Schema } from '../app/gateway';
import type { Run } from './runs';

/** Who sees to a contact, by source, and which of its runs there were before. */
export type Synchronization = Schema<'SynchronizationView'> & { before: string[] };

/** How many of the latest runs are looked through. */
const RECENT = 100;
const LOOK_MS = 1000;

/** Asks every source that may know a contact for it. */
export async function synchronizeContact(
  tenant: string,
  contact: string,
): Promise<Synchronization> {
  const before = await recentRunsOf(tenant, contact);
  const asked = await answer(
    api.POST('/tenants/{tenant}/contacts/{contact}/synchronize', {
      params: { path: { tenant, contact } },
    }),
  );
  return { ...asked, before: before.map(({ id }) => id) };
}

/** How many contacts are synchronized by one request. */
export const MOST_AT_ONCE = 100;

/** Asks every source that may know them for up to [`MOST_AT_ONCE`] contacts. */
export async function synchronizeContacts(
  tenant: string,
  contacts: readonly string[],
): Promise<void> {
  await answer(
    api.POST('/tenants/{tenant}/contacts/synchronize', {
      params: { path: { tenant } },
      body: { contacts: [...contacts] },
    }),
  );
}

/** What came of asking for the contacts of a group. */
export type GroupSynchronization = Schema<'GroupSynchronizationView'>;

/** Asks for the contacts of a group, and of those below it, that come from a source. */
export function synchronizeGroup(tenant: string, group: string): Promise<GroupSynchronization> {
  return answer(
    api.POST('/tenants/{tenant}/groups/{group}/synchronize', {
      params: { path: { tenant, group } },
    }),
  );
}

/** The run of a source that follows for a contact that waits; looked for until there is one. */
export function followingRunQuery(options: {
  tenant: string;
  contact: string;
  source: string;
  before: readonly string[];
}) {
  const { tenant, contact, source, before } = options;
  return queryOptions({
    queryKey: ['runs', tenant, 'following', contact, source, before],
    queryFn: async ({ signal }) => {
      const runs = await recentRunsOf(tenant, contact, signal);
      return runs.find((run) => run.source === source && !before.includes(run.id)) ?? null;
    },
    refetchInterval: ({ state }) => (state.data ? false : LOOK_MS),
  });
}

async function recentRunsOf(
  tenant: string,
  contact: string,
  signal: AbortSignal | null = null,
): Promise<Run[]> {
  const { items } = await answer(
    api.GET('/tenants/{tenant}/runs', {
      params: { path: { tenant }, query: { limit: RECENT } },
      signal,
    }),
  );
  return items.filter(({ contacts }) => contacts?.includes(contact));
}
