import { answer, ifMatch, MERGE_PATCH, mergePatch, pageQuery, readAll } from '@switchboard/client';
import { queryOptions } from '@tanstack/react-query';
import { api, type Schema } from '../app/gateway';
import type { Change } from '../parts/form';
import type { ListSource } from '../parts/list';

export type Publication = Schema<'PublicationView'>;
export type PublicationFields = Required<Schema<'PublicationFields'>>;
export type Entry = Schema<'PublicationEntry'>;
export type OpeningHours = Schema<'OpeningHours'>;
export type Interval = Schema<'Interval'>;
export type Holiday = Schema<'Holiday'>;
export type Modality = Schema<'Modality'>;
export type EnquirySettings = Schema<'EnquirySettings'>;
export type WhenUnreachable = Schema<'WhenUnreachable'>;

/** What a publication shows, and the revision of the publication that it was read with. */
export interface Entries {
  revision: number;
  entries: Entry[];
}

/** How many cards a publication shows at most, members of groups included. */
export const MAX_CARDS = 500;

const PAGE = 100;
const ALL = 500;

/** The publications of a tenant, by title. */
export function publicationsSource(tenant: string): ListSource<Publication> {
  return {
    key: ['publications', tenant],
    read: ({ after, q, signal }) =>
      answer(
        api.GET('/tenants/{tenant}/publications', {
          params: { path: { tenant }, query: pageQuery(PAGE, after, q) },
          signal,
        }),
      ),
  };
}

/** Every publication of a tenant. */
export function allPublications(tenant: string, signal: AbortSignal): Promise<Publication[]> {
  return readAll((after) =>
    answer(
      api.GET('/tenants/{tenant}/publications', {
        params: { path: { tenant }, query: pageQuery(ALL, after) },
        signal,
      }),
    ),
  );
}

/** One publication. */
export function publicationQuery(tenant: string, publication: string) {
  return queryOptions({
    queryKey: ['publication', tenant, publication],
    queryFn: ({ signal }) => readPublication(tenant, publication, signal),
  });
}

/** What a publication shows. */
export function entriesQuery(tenant: string, publication: string) {
  return queryOptions({
    queryKey: ['entries', tenant, publication],
    queryFn: async ({ signal }): Promise<Entries> => {
      // The revision first: whatever changes in between makes the next change be refused, not lost.
      const { revision } = await readPublication(tenant, publication, signal);
      return { revision, entries: await readEntries(tenant, publication, signal) };
    },
  });
}

/** What a publication shows, in order. */
export async function readEntries(
  tenant: string,
  publication: string,
  signal: AbortSignal,
): Promise<Entry[]> {
  const { entries } = await answer(
    api.GET('/tenants/{tenant}/publications/{publication}/entries', {
      params: { path: { tenant, publication } },
      signal,
    }),
  );
  return entries;
}

/** Makes a publication that shows nothing yet. */
export function createPublication(tenant: string, body: PublicationFields): Promise<Publication> {
  return answer(api.POST('/tenants/{tenant}/publications', { params: { path: { tenant } }, body }));
}

/** Changes what differs, as long as the publication is still of the revision. */
export function updatePublication(
  tenant: string,
  publication: string,
  change: Change<PublicationFields>,
): Promise<Publication> {
  const body = mergePatch(change.base, change.fields);
  return answer(
    api.PATCH('/tenants/{tenant}/publications/{publication}', {
      params: { path: { tenant, publication }, header: ifMatch(change.revision) },
      headers: MERGE_PATCH,
      body,
    }),
  );
}

/** Replaces what a publication shows, as long as it is still of the revision. */
export async function setEntries(
  tenant: string,
  publication: string,
  { revision, entries }: Entries,
): Promise<Entry[]> {
  const kept = await answer(
    api.PUT('/tenants/{tenant}/publications/{publication}/entries', {
      params: { path: { tenant, publication } },
      headers: { ...ifMatch(revision) },
      body: { entries },
    }),
  );
  return kept.entries;
}

/** Gives a publication another key; pages with the old one show nothing from then on. */
export function rotateKey(tenant: string, publication: string): Promise<Publication> {
  return answer(
    api.POST('/tenants/{tenant}/publications/{publication}/key/rotate', {
      params: { path: { tenant, publication } },
    }),
  );
}

/** Removes a publication, as it was when somebody looked at it. */
export async function removePublication(tenant: string, publication: Publication): Promise<void> {
  await answer(
    api.DELETE('/tenants/{tenant}/publications/{publication}', {
      params: { path: { tenant, publication: publication.id } },
      headers: { ...ifMatch(publication.revision) },
    }),
  );
}

/** What can be set on a publication, as it is now. */
export function fieldsOfPublication(publication: Publication): PublicationFields {
  const names = Object.keys(NO_PUBLICATION) as (keyof PublicationFields)[];
  const set = names.map((name) => [name, publication[name] ?? NO_PUBLICATION[name]]);
  return Object.fromEntries(set) as PublicationFields;
}

/** A publication of which nothing is known yet. */
export const NO_PUBLICATION: PublicationFields = {
  title: '',
  site: null,
  is_enabled: true,
  domains: [],
  opening_hours: null,
  modalities: null,
  is_coarse: false,
  is_group_result: false,
  when_unreachable: 'next_time',
  enquiries: {
    country: null,
    consent_en: null,
    consent_de: null,
    privacy_url: null,
    days: 30,
  },
  alerts: [],
  templates: {},
};

function readPublication(tenant: string, publication: string, signal: AbortSignal) {
  return answer(
    api.GET('/tenants/{tenant}/publications/{publication}', {
      params: { path: { tenant, publication } },
      signal,
    }),
  );
}
