import {
  answer,
  ifMatch,
  isSame,
  MERGE_PATCH,
  mergePatch,
  pageQuery,
  readAll,
} from '@switchboard/client';
import { queryOptions } from '@tanstack/react-query';
import { api, type Schema } from '../app/gateway';
import type { ListSource } from '../parts/list';

export type Source = Schema<'SourceView'>;
export type SourceFields = Required<Schema<'SourceFields'>>;
export type Mapping = Required<Schema<'Mapping'>>;
export type FieldRule = Schema<'FieldRule'>;
export type ComputedField = Schema<'ComputedField'>;

const PAGE = 100;

/** Whether what a source's entries said is kept, so that it can be mapped anew; it is not where people are looked up. */
export function keepsValues({ connection }: Source): boolean {
  return ['ldap', 'file', 'graph'].includes(connection.kind);
}

/** The sources of a tenant, by name. */
export function sourcesSource(tenant: string): ListSource<Source> {
  return {
    key: ['sources', tenant],
    read: ({ after, q, signal }) =>
      answer(
        api.GET('/tenants/{tenant}/sources', {
          params: { path: { tenant }, query: pageQuery(PAGE, after, q) },
          signal,
        }),
      ),
  };
}

/** Every source of a tenant, for a choice and for names. */
export function sourcesToChooseQuery(tenant: string) {
  return queryOptions({
    queryKey: ['sources', tenant, 'choice'],
    queryFn: ({ signal }) =>
      readAll((after) =>
        answer(
          api.GET('/tenants/{tenant}/sources', {
            params: { path: { tenant }, query: pageQuery(500, after) },
            signal,
          }),
        ),
      ),
  });
}

/** One source. */
export function sourceQuery(tenant: string, source: string) {
  return queryOptions({
    queryKey: ['source', tenant, source],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/tenants/{tenant}/sources/{source}', {
          params: { path: { tenant, source } },
          signal,
        }),
      ),
  });
}

export function createSource(tenant: string, body: SourceFields): Promise<Source> {
  return answer(api.POST('/tenants/{tenant}/sources', { params: { path: { tenant } }, body }));
}

/** Changes what differs from `base`, as long as the source is still of `revision`. */
export function updateSource(
  tenant: string,
  source: string,
  change: { revision: number; base: SourceFields; fields: SourceFields },
): Promise<Source> {
  const { revision, base, fields } = change;
  return answer(
    api.PATCH('/tenants/{tenant}/sources/{source}', {
      params: { path: { tenant, source }, header: ifMatch(revision) },
      headers: MERGE_PATCH,
      body: { ...mergePatch(base, fields), ...connectionPatch(base, fields) },
    }),
  );
}

/** The connection as it becomes; what only another kind of signing in has goes. */
function connectionPatch(base: SourceFields, fields: SourceFields): Partial<SourceFields> {
  if (isSame(base.connection, fields.connection)) return {};
  return {
    connection: replacing(base.connection, fields.connection) as SourceFields['connection'],
  };
}

/** A merge patch that leaves nothing of `before` that `after` does not have. */
function replacing(before: object, after: object): object {
  const gone = Object.keys(before).filter((name) => !(name in after));
  const of = (value: unknown, name: string): unknown => {
    const old: unknown = (before as Record<string, unknown>)[name];
    return isObject(old) && isObject(value) ? replacing(old, value) : value;
  };
  const kept = Object.entries(after).map(([name, value]) => [name, of(value, name)]);
  return Object.fromEntries([...gone.map((name) => [name, null]), ...kept]);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Removes a source; its contacts stay and become manual. */
export async function removeSource(tenant: string, source: string): Promise<void> {
  await answer(
    api.DELETE('/tenants/{tenant}/sources/{source}', { params: { path: { tenant, source } } }),
  );
}

/** Keeps the secret with which a source is read; null forgets it. */
export async function setSecret(
  tenant: string,
  source: string,
  secret: string | null,
): Promise<void> {
  const params = { path: { tenant, source } };
  const path = '/tenants/{tenant}/sources/{source}/secret';
  await (secret === null
    ? answer(api.DELETE(path, { params }))
    : answer(api.PUT(path, { params, body: { secret } })));
}
