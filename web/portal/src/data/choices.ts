import { answer, pageQuery, readAll } from '@switchboard/client';
import { queryOptions } from '@tanstack/react-query';
import { api } from '../app/gateway';
import type { Picks } from '../parts/SearchPicker';
import type { Contact } from './contacts';
import type { Site } from './sites';

const PAGE = 500;

/** Every site of a tenant, for a choice. */
export function sitesToChooseQuery(tenant: string) {
  return queryOptions({
    queryKey: ['sites', tenant, 'choice'],
    queryFn: ({ signal }) =>
      readAll((after) =>
        answer(
          api.GET('/tenants/{tenant}/sites', {
            params: { path: { tenant }, query: { limit: PAGE, ...(after ? { after } : {}) } },
            signal,
          }),
        ),
      ),
  });
}

/** Every group of a tenant, for a choice. */
export function groupsToChooseQuery(tenant: string) {
  return queryOptions({
    queryKey: ['groups', tenant, 'choice'],
    queryFn: ({ signal }) =>
      readAll((after) =>
        answer(
          api.GET('/tenants/{tenant}/groups', {
            params: { path: { tenant }, query: { limit: PAGE, ...(after ? { after } : {}) } },
            signal,
          }),
        ),
      ),
  });
}

/** Every publication of a tenant, for a choice. */
export function publicationsToChooseQuery(tenant: string) {
  return queryOptions({
    queryKey: ['publications', tenant, 'choice'],
    queryFn: ({ signal }) =>
      readAll((after) =>
        answer(
          api.GET('/tenants/{tenant}/publications', {
            params: { path: { tenant }, query: { limit: PAGE, ...(after ? { after } : {}) } },
            signal,
          }),
        ),
      ),
  });
}

/** How many are offered while somebody writes. */
const OFFERED = 20;

/** At most `size` contacts in which every word occurs, by name. */
export async function findContacts(
  tenant: string,
  words: string,
  size: number,
  signal: AbortSignal,
): Promise<Contact[]> {
  const query = pageQuery(size, undefined, words);
  const { items } = await answer(
    api.GET('/tenants/{tenant}/contacts', { params: { path: { tenant }, query }, signal }),
  );
  return items;
}

/** At most `size` sites in which every word occurs, by name. */
export async function findSites(
  tenant: string,
  words: string,
  size: number,
  signal: AbortSignal,
): Promise<Site[]> {
  const query = pageQuery(size, undefined, words);
  const { items } = await answer(
    api.GET('/tenants/{tenant}/sites', { params: { path: { tenant }, query }, signal }),
  );
  return items;
}

/** The first sites in which every word occurs. */
export async function searchSites(
  tenant: string,
  words: string,
  signal: AbortSignal,
): Promise<Picks[]> {
  const sites = await findSites(tenant, words, OFFERED, signal);
  return [{ picks: sites.map(({ id, name }) => ({ id, name })) }];
}

/** The first groups in which every word occurs; `isOwn` leaves out those that follow a directory. */
export async function searchGroups(
  tenant: string,
  words: string,
  signal: AbortSignal,
  isOwn = false,
): Promise<Picks[]> {
  const query = pageQuery(OFFERED, undefined, words);
  const { items } = await answer(
    api.GET('/tenants/{tenant}/groups', { params: { path: { tenant }, query }, signal }),
  );
  const offered = items.filter(({ synced_from }) => !(isOwn && synced_from));
  return [{ picks: offered.map(({ id, name }) => ({ id, name })) }];
}
