/** Which rows of a list are chosen. Pure: rows are named by their identity, ranges by their place. */
export interface Selection {
  ids: ReadonlySet<string>;
  /** From which row a range goes. */
  anchor: number;
}

export const NOTHING: Selection = { ids: new Set(), anchor: 0 };

/** The row at `at` is chosen, or no longer. */
export function toggled(before: Selection, at: number, id: string): Selection {
  const ids = new Set(before.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids, anchor: at };
}

/** All rows from the anchor to `at` are chosen as well. */
export function extended(before: Selection, at: number, idAt: (row: number) => string): Selection {
  const ids = new Set(before.ids);
  const [first, last] = [Math.min(before.anchor, at), Math.max(before.anchor, at)];
  for (let row = first; row <= last; row += 1) ids.add(idAt(row));
  return { ids, anchor: before.anchor };
}

/** All these are chosen, and nothing else. */
export function all(ids: Iterable<string>): Selection {
  return { ids: new Set(ids), anchor: 0 };
}
