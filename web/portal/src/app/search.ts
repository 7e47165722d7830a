/** What the address of a list keeps. */
export interface ListSearch {
  q?: string;
}

/** Reads the address of a list; what is not known there is left out. */
export function searchOfList(search: Record<string, unknown>): ListSearch {
  return typeof search.q === 'string' && search.q ? { q: search.q } : {};
}

/** What the address of the list of contacts keeps. */
export interface ContactsSearch extends ListSearch {
  /** Only the members of this group. */
  group?: string;
}

/** Reads the address of the list of contacts. */
export function searchOfContacts(search: Record<string, unknown>): ContactsSearch {
  const { group } = search;
  const list = searchOfList(search);
  return typeof group === 'string' && group ? { ...list, group } : list;
}
