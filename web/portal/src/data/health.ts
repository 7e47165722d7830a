import { answer } from '@switchboard/client';
import { queryOptions } from '@tanstack/react-query';
import { api, type Schema } from '../app/gateway';
import type { ListSource } from '../parts/list';

export type AspectHealth = Schema<'AspectHealth'>;
export type Upkeep = Schema<'Upkeep'>;

const PAGE = 100;
/** How soon is seen what became of a subscription, in milliseconds. */
const HEALTH_MS = 5000;

function read(path: { tenant: string; source: string }, page: object, signal: AbortSignal) {
  return answer(
    api.GET('/tenants/{tenant}/sources/{source}/presence', {
      params: { path, query: page },
      signal,
    }),
  );
}

/** What a source is asked for about presence, and how that goes; looked at again and again. */
export function healthQuery(tenant: string, source: string) {
  return queryOptions({
    queryKey: ['health', tenant, source],
    refetchInterval: HEALTH_MS,
    queryFn: async ({ signal }) => (await read({ tenant, source }, { limit: 1 }, signal)).aspects,
  });
}

/** The contacts that a source is asked about. */
export function upkeepSource(tenant: string, source: string): ListSource<Upkeep> {
  return {
    key: ['upkeep', tenant, source],
    refreshMs: HEALTH_MS,
    read: async ({ after, signal }) => {
      const page = { limit: PAGE, ...(after ? { after } : {}) };
      return (await read({ tenant, source }, page, signal)).contacts;
    },
  };
}

/** Whom sources are asked about anew: the contacts of a whole tenant when it has no `id`. */
export type Anew =
  | { tenant: string; kind: 'contact' | 'group' | 'site'; id: string }
  | { tenant: string; kind: 'tenant' };

/** Has sources asked anew; gives how many subscriptions that are. */
export async function resubscribe(anew: Anew): Promise<number> {
  const { tenant } = anew;
  return (await begin()).subscriptions;

  function begin(): Promise<Schema<'ResubscriptionView'>> {
    if (anew.kind === 'tenant') {
      const path = '/tenants/{tenant}/resubscribe';
      return answer(api.POST(path, { params: { path: { tenant } } }));
    }
    const { kind, id } = anew;
    if (kind === 'contact') {
      const path = '/tenants/{tenant}/contacts/{contact}/resubscribe';
      return answer(api.POST(path, { params: { path: { tenant, contact: id } } }));
    }
    if (kind === 'group') {
      const path = '/tenants/{tenant}/groups/{group}/resubscribe';
      return answer(api.POST(path, { params: { path: { tenant, group: id } } }));
    }
    const path = '/tenants/{tenant}/sites/{site}/resubscribe';
    return answer(api.POST(path, { params: { path: { tenant, site: id } } }));
  }
}
