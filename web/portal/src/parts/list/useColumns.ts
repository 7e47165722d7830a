import { useMemo, useState } from 'react';
import type { Column } from './types';

const KEY = 'switchboard-portal-columns';

/** The columns of a list, which of them are shown, and how that is changed; remembered in this browser. */
export interface Columns<T> {
  shown: readonly Column<T>[];
  choose: (ids: readonly string[]) => void;
}

/** The first column is always shown: it is the item itself. */
export function useColumns<T>(name: string | undefined, columns: readonly Column<T>[]): Columns<T> {
  const [chosen, setChosen] = useState<readonly string[] | null>(() =>
    name ? (kept()[name] ?? null) : null,
  );
  // Rows are drawn again when their columns are others, which they are not each time the list is.
  const shown = useMemo(() => {
    const isShown = ({ id, isExtra }: Column<T>, at: number): boolean =>
      at === 0 || (chosen ? chosen.includes(id) : !isExtra);
    return columns.filter(isShown);
  }, [columns, chosen]);
  return {
    shown,
    choose(ids) {
      setChosen(ids);
      if (!name) return;
      try {
        localStorage.setItem(KEY, JSON.stringify({ ...kept(), [name]: ids }));
      } catch {
        // A browser that keeps nothing still shows them until the page is left.
      }
    },
  };
}

/** What was chosen in this browser, by list. */
function kept(): Record<string, string[]> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    if (typeof value !== 'object' || value === null) return {};
    const isChoice = ([, ids]: [string, unknown]): boolean =>
      Array.isArray(ids) && ids.every((id) => typeof id === 'string');
    return Object.fromEntries(Object.entries(value).filter(isChoice));
  } catch {
    return {};
  }
}
