import type { ListSource } from '../parts/list';

/** How many pages are read at most until somebody is shown what was found so far. */
const PAGES = 10;

/** The items of a list that hold: for what the API cannot filter. Pages without any are passed over. */
export function sifted<T>(source: ListSource<T>, holds: (item: T) => boolean): ListSource<T> {
  return {
    ...source,
    async read(query) {
      let { after } = query;
      for (let page = 1; ; page += 1) {
        const { items, next } = await source.read({ ...query, after });
        const found = items.filter(holds);
        if (found.length > 0 || !next || page === PAGES)
          return { items: found, next: next ?? null };
        after = next;
      }
    },
  };
}
