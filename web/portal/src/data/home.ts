import { answer, type Page } from '@switchboard/client';
import { queryOptions } from '@tanstack/react-query';
import { api, type Schema } from '../app/gateway';

export type Run = Schema<'RunView'>;

/** How many items are counted at most; the API has no totals. */
const COUNTED = 500;
/** How many of the latest runs are looked through. */
const RUNS = 100;
const RUNS_MS = 10_000;

/** A number that may be larger than was looked at. */
export interface Total {
  count: number;
  isMore: boolean;
}

const COUNTS = {
  contacts: '/tenants/{tenant}/contacts',
  groups: '/tenants/{tenant}/groups',
  sites: '/tenants/{tenant}/sites',
  publications: '/tenants/{tenant}/publications',
} as const;

export type Counted = keyof typeof COUNTS;

/** How many there are of a kind. */
export function totalQuery(tenant: string, kind: Counted) {
  return queryOptions({
    queryKey: [kind, tenant, 'total'],
    queryFn: async ({ signal }): Promise<Total> => {
      const page: Page<unknown> = await answer(
        api.GET(COUNTS[kind], { params: { path: { tenant }, query: { limit: COUNTED } }, signal }),
      );
      return { count: page.items.length, isMore: Boolean(page.next) };
    },
  });
}

/** The latest runs of all sources. */
export function latestRunsQuery(tenant: string) {
  return queryOptions({
    queryKey: ['runs', tenant, 'latest'],
    refetchInterval: RUNS_MS,
    queryFn: async ({ signal }) => {
      const page = await answer(
        api.GET('/tenants/{tenant}/runs', {
          params: { path: { tenant }, query: { limit: RUNS } },
          signal,
        }),
      );
      return page.items;
    },
  });
}

/** The sources of a tenant, as far as one page goes. */
export function homeSourcesQuery(tenant: string) {
  return queryOptions({
    queryKey: ['sources', tenant, 'home'],
    queryFn: async ({ signal }) => {
      const page = await answer(
        api.GET('/tenants/{tenant}/sources', {
          params: { path: { tenant }, query: { limit: COUNTED } },
          signal,
        }),
      );
      return page.items;
    },
  });
}
