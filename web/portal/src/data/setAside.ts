import { answer, pageQuery } from '@switchboard/client';
import { api, type Schema } from '../app/gateway';
import type { ListSource } from '../parts/list';

export type SetAsideEntry = Schema<'SetAsideView'>;

const PAGE = 100;

/** The entries of a source that are set aside now. */
export function setAsideSource(tenant: string, source: string): ListSource<SetAsideEntry> {
  return {
    key: ['set-aside', tenant, source],
    read: ({ after, q, signal }) =>
      answer(
        api.GET('/tenants/{tenant}/sources/{source}/set_aside', {
          params: { path: { tenant, source }, query: pageQuery(PAGE, after, q) },
          signal,
        }),
      ),
  };
}
