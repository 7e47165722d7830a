import { answer, ifMatch, MERGE_PATCH, mergePatch, pageQuery } from '@switchboard/client';
import { queryOptions } from '@tanstack/react-query';
import { api, type Schema } from '../app/gateway';
import type { ContactFilter } from '../app/search';
import type { ListSource } from '../parts/list';
import { isTold } from './looks';

export type Contact = Schema<'ContactView'>;
export type ContactFields = Required<Schema<'ContactFields'>>;

/** The first page is there soon; whoever scrolls on gets more at a time. */
const FIRST_PAGE = 100;
const NEXT_PAGE = 500;
/** How long a presence that is looked at may be old where it is not told, in milliseconds. */
const PRESENCE_MS = 20_000;

/** The contacts of a tenant that `filter` wants, by name. */
export function contactsSource(tenant: string, filter: ContactFilter = {}): ListSource<Contact> {
  return {
    key: ['contacts', tenant, filter],
    read: ({ after, q, signal }) => {
      const page = pageQuery(after ? NEXT_PAGE : FIRST_PAGE, after, q);
      return answer(
        api.GET('/tenants/{tenant}/contacts', {
          params: { path: { tenant }, query: { ...page, ...filter } },
          signal,
        }),
      );
    },
    count: async ({ q, signal }) => {
      const query = { ...filter, ...(q ? { q } : {}) };
      const path = '/tenants/{tenant}/contacts/count';
      const { count } = await answer(
        api.GET(path, { params: { path: { tenant }, query }, signal }),
      );
      return count ?? null;
    },
  };
}

/** One contact. */
export function contactQuery(tenant: string, contact: string) {
  return queryOptions({
    queryKey: ['contact', tenant, contact],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/tenants/{tenant}/contacts/{contact}', {
          params: { path: { tenant, contact } },
          signal,
        }),
      ),
  });
}

/** The contact that has an address; null when nobody is seen who does. */
export function holderQuery(tenant: string, kind: 'sip' | 'mail' | 'skype', address: string) {
  const wanted = bare(address);
  return queryOptions({
    queryKey: ['contacts', tenant, 'holder', kind, wanted],
    queryFn: async ({ signal }) => {
      const query = pageQuery(FIRST_PAGE, undefined, wanted);
      const { items } = await answer(
        api.GET('/tenants/{tenant}/contacts', { params: { path: { tenant }, query }, signal }),
      );
      return items.find((one) => one[kind] && bare(one[kind]) === wanted) ?? null;
    },
  });
}

/** An address without what does not tell it from others. */
function bare(address: string): string {
  return address
    .trim()
    .toLowerCase()
    .replace(/^sips?:/, '')
    .replace(/;.*$/, '');
}

/** The presence of a contact, read again as long as somebody looks and nobody tells, see `looks.ts`. */
export function presenceQuery(tenant: string, contact: string) {
  return queryOptions({
    queryKey: ['presence', tenant, contact],
    staleTime: () => (isTold(tenant, contact) ? Number.POSITIVE_INFINITY : PRESENCE_MS),
    refetchInterval: () => (isTold(tenant, contact) ? false : PRESENCE_MS),
    queryFn: ({ signal }) =>
      answer(
        api.GET('/tenants/{tenant}/contacts/{contact}/presence', {
          params: { path: { tenant, contact } },
          signal,
        }),
      ),
  });
}

/** Makes a contact. */
export function createContact(tenant: string, body: ContactFields): Promise<Contact> {
  return answer(api.POST('/tenants/{tenant}/contacts', { params: { path: { tenant } }, body }));
}

/** Changes what differs from `base`, as long as the contact is still of `revision`. */
export function updateContact(
  tenant: string,
  contact: string,
  change: { revision: number; base: ContactFields; fields: ContactFields },
): Promise<Contact> {
  const { revision, base, fields } = change;
  return answer(
    api.PATCH('/tenants/{tenant}/contacts/{contact}', {
      params: { path: { tenant, contact }, header: ifMatch(revision) },
      headers: MERGE_PATCH,
      body: mergePatch(base, fields),
    }),
  );
}

/** A field that the directory overwrites. */
export type SyncedField = keyof Contact['provenance'];

/** Keeps a synchronized field as it stands, or lets it follow its source again, at once. */
export function setPin(
  tenant: string,
  contact: Contact,
  pin: { field: string; isPinned: boolean },
): Promise<Contact> {
  const params = {
    path: { tenant, contact: contact.id, field: pin.field },
    header: ifMatch(contact.revision),
  };
  const path = '/tenants/{tenant}/contacts/{contact}/pins/{field}';
  return answer(pin.isPinned ? api.PUT(path, { params }) : api.DELETE(path, { params }));
}

/** Gives a contact's vCard away, or no longer, as long as the contact is as somebody saw it. */
export function setVcard(tenant: string, contact: Contact, isEnabled: boolean): Promise<Contact> {
  return answer(
    api.PATCH('/tenants/{tenant}/contacts/{contact}', {
      params: { path: { tenant, contact: contact.id }, header: ifMatch(contact.revision) },
      headers: MERGE_PATCH,
      body: { is_vcard_enabled: isEnabled } as ContactFields,
    }),
  );
}

/** Has every source asked anew how available a contact is. */
export async function resubscribeContact(tenant: string, contact: string): Promise<void> {
  await answer(
    api.POST('/tenants/{tenant}/contacts/{contact}/resubscribe', {
      params: { path: { tenant, contact } },
    }),
  );
}

/** Brings a removed contact back. */
export function restoreContact(tenant: string, contact: string): Promise<Contact> {
  return answer(
    api.POST('/tenants/{tenant}/removed_contacts/{removed_contact}/restore', {
      params: { path: { tenant, removed_contact: contact } },
    }),
  );
}

/** Removes a contact; for a while it can be brought back. */
export async function removeContact(tenant: string, contact: string): Promise<void> {
  await answer(
    api.DELETE('/tenants/{tenant}/contacts/{contact}', { params: { path: { tenant, contact } } }),
  );
}

/** What can be set on a contact, as it is now. */
export function fieldsOfContact(contact: Contact): ContactFields {
  const names = Object.keys(NO_FIELDS) as (keyof ContactFields)[];
  const set = names.map((name) => [name, contact[name] ?? NO_FIELDS[name]]);
  return Object.fromEntries(set) as ContactFields;
}

/** A contact of which nothing is known yet. */
export const NO_FIELDS: ContactFields = {
  sip: null,
  mail: null,
  skype: null,
  first_name: null,
  last_name: null,
  display_name: null,
  company: null,
  job_title: null,
  office: null,
  work_phone: null,
  work_country: null,
  work_state: null,
  work_zip_code: null,
  work_city: null,
  work_street: null,
  home_site: null,
  is_vcard_enabled: false,
  can_be_contacted_on_busy: false,
  is_contactable_through_consumer_skype: false,
  is_ucma_endpoint: false,
  is_display_name_overwrite_enabled: false,
  service_display_name: null,
  staffed_by: null,
  is_hybrid: false,
  is_disabled: false,
};
