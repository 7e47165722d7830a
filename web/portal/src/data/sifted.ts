import type { ListSource } from '../parts/list';

/**
 * The items of a list that hold: for what the API cannot filter. Pages without any are passed over, so
 * that a page has something, or is the last.
 */
export function sifted<T>(source: ListSource<T>, holds: (item: T) => boolean): ListSource<T> {
  return {
    ...source,
    async read(query) {
      let { after } = query;
      for (;;) {
        const { items, next } = await source.read({ ...query, after });
        const found = items.filter(holds);
        if (found.length > 0 || !next) return { items: found, next: next ?? null };
        after = next;
      }
    },
  };
}
