import { answer, ifMatch, MERGE_PATCH, mergePatch, pageQuery, readAll } from '@switchboard/client';
import { queryOptions } from '@tanstack/react-query';
import { api, type Schema } from '../app/gateway';
import type { ListSource } from '../parts/list';

export type Reseller = Schema<'ResellerView'>;
export type ResellerFields = Required<Schema<'ResellerFields'>>;

const PAGE = 100;

/** A reseller of which nothing is known yet. */
export const NO_RESELLER: ResellerFields = {
  name: '',
  client_licences: 0,
  presence_mode: 'passive',
};

/** The resellers, by name. */
export const resellersSource: ListSource<Reseller> = {
  key: ['resellers'],
  read: ({ after, q, signal }) =>
    answer(api.GET('/resellers', { params: { query: pageQuery(PAGE, after, q) }, signal })),
};

/** Every reseller, for a choice. */
export const resellersToChooseQuery = queryOptions({
  queryKey: ['resellers', 'choice'],
  queryFn: ({ signal }) =>
    readAll((after) =>
      answer(api.GET('/resellers', { params: { query: pageQuery(500, after) }, signal })),
    ),
});

/** One reseller. */
export function resellerQuery(reseller: string) {
  return queryOptions({
    queryKey: ['reseller', reseller],
    queryFn: ({ signal }) =>
      answer(api.GET('/resellers/{reseller}', { params: { path: { reseller } }, signal })),
  });
}

export function createReseller(body: ResellerFields): Promise<Reseller> {
  return answer(api.POST('/resellers', { body }));
}

/** Changes what differs from `base`, as long as the reseller is still of `revision`. */
export function updateReseller(
  reseller: string,
  change: { revision: number; base: ResellerFields; fields: ResellerFields },
): Promise<Reseller> {
  const { revision, base, fields } = change;
  return answer(
    api.PATCH('/resellers/{reseller}', {
      params: { path: { reseller }, header: ifMatch(revision) },
      headers: MERGE_PATCH,
      body: mergePatch(base, fields),
    }),
  );
}

/** Removes a reseller; refused while it has tenants. */
export async function removeReseller(reseller: string): Promise<void> {
  await answer(api.DELETE('/resellers/{reseller}', { params: { path: { reseller } } }));
}

/** What can be set on a reseller, as it is now. */
export function fieldsOfReseller(reseller: Reseller): ResellerFields {
  const { name = '', client_licences = 0, presence_mode = 'passive' } = reseller;
  return { name, client_licences, presence_mode };
}
