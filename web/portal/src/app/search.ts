/** What the address of a list keeps. */
export interface ListSearch {
  q?: string;
}

/** Reads the address of a list; what is not known there is left out. */
export function searchOfList(search: Record<string, unknown>): ListSearch {
  return typeof search.q === 'string' && search.q ? { q: search.q } : {};
}
