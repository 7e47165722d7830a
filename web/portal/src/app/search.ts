import { SCOPES_IN_TENANT, type ScopeInTenant } from '../data/grants';

/** What the address of a list keeps. */
export interface ListSearch {
  q?: string;
}

/** Reads the address of a list; what is not known there is left out. */
export function searchOfList(search: Record<string, unknown>): ListSearch {
  return typeof search.q === 'string' && search.q ? { q: search.q } : {};
}

/** What the address of the list of users keeps. */
export interface UsersSearch extends ListSearch {
  /** Only those with a role on something of this kind. */
  on?: ScopeInTenant;
}

/** Reads the address of the list of users. */
export function searchOfUsers(search: Record<string, unknown>): UsersSearch {
  const on = SCOPES_IN_TENANT.find((one) => one === search.on);
  return { ...searchOfList(search), ...(on && { on }) };
}

/** Which contacts are wanted: each one said must hold. */
export interface ContactFilter {
  /** States, separated by commas. */
  state?: string;
  kind?: 'person' | 'service';
  site?: string;
  /** Only the members of this group. */
  group?: string;
  /** A source, or `none` for those made by hand. */
  source?: string;
  is_hybrid?: boolean;
  is_vcard_enabled?: boolean;
  is_disabled?: boolean;
}

/** What the address of the list of contacts keeps. */
export interface ContactsSearch extends ListSearch, ContactFilter {}

/** Reads the address of the list of contacts. */
export function searchOfContacts(search: Record<string, unknown>): ContactsSearch {
  return { ...searchOfList(search), ...filterOf(search) };
}

const TEXTS = ['site', 'group', 'source'] as const;
const FLAGS = ['is_hybrid', 'is_vcard_enabled', 'is_disabled'] as const;

/** The filter that an address holds, without anything else. */
export function filterOf(search: Record<string, unknown>): ContactFilter {
  const filter: ContactFilter = {};
  const { state, kind } = search;
  const isState = typeof state === 'string' && /^[a-z_]+(,[a-z_]+)*$/.test(state);
  if (isState) filter.state = state;
  if (kind === 'person' || kind === 'service') filter.kind = kind;
  for (const name of TEXTS) {
    const value = search[name];
    if (typeof value === 'string' && /^\w+$/.test(value)) filter[name] = value;
  }
  for (const name of FLAGS) {
    const value = search[name];
    if (typeof value === 'boolean') filter[name] = value;
  }
  // Who is out of service shows no state.
  if (filter.state && filter.is_disabled) delete filter.state;
  return filter;
}
