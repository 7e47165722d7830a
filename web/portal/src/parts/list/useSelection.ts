import { type KeyboardEvent, useCallback, useLayoutEffect, useRef, useState } from 'react';
import { all, extended, NOTHING, toggled } from './selection';

/** What is chosen in a list, and how it is changed. */
export interface Selecting<T> {
  items: readonly T[];
  has: (item: T) => boolean;
  /** A press on the box of a row; with Shift all rows since the last one are chosen. */
  press: (row: number, isRange: boolean) => void;
  /** Ctrl-A, Space, Shift with an arrow and Escape; whether the key meant something. */
  onKey: (event: KeyboardEvent, row: number) => boolean;
  chooseAll: (items: readonly T[]) => void;
  clear: () => void;
}

/**
 * Lets several rows of a list be chosen. `of` names the list: when another one is shown, nothing is
 * chosen any more, so that nobody does something to rows that are not there.
 */
export function useSelection<T>(
  of: string,
  items: readonly T[],
  id: (item: T) => string,
): Selecting<T> {
  const [{ list, selection }, set] = useState({ list: of, selection: NOTHING });
  const current = list === of ? selection : NOTHING;
  const change = (next: typeof selection): void => set({ list: of, selection: next });
  const idAt = (row: number): string => {
    const item = items[row];
    return item === undefined ? '' : id(item);
  };
  const reach = (row: number): void => {
    const to = Math.max(0, Math.min(items.length - 1, row));
    change(extended(current, to, idAt));
  };
  // Rows are drawn again when they get another `press`: they keep one that does what the last one would.
  const last = useRef<Selecting<T>['press']>(() => undefined);
  useLayoutEffect(() => {
    last.current = (row, isRange) =>
      isRange ? reach(row) : change(toggled(current, row, idAt(row)));
  });
  const press = useCallback((row: number, isRange: boolean) => last.current(row, isRange), []);
  return {
    items: current.ids.size === 0 ? [] : items.filter((item) => current.ids.has(id(item))),
    has: (item) => current.ids.has(id(item)),
    press,
    onKey(event, row) {
      const isCommand = event.ctrlKey || event.metaKey;
      if (isCommand && event.key.toLowerCase() === 'a') change(all(items.map(id)));
      else if (event.key === ' ') change(toggled(current, row, idAt(row)));
      else if (event.shiftKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
        const from = current.ids.size === 0 ? toggled(current, row, idAt(row)) : current;
        const to = Math.max(
          0,
          Math.min(items.length - 1, row + (event.key === 'ArrowDown' ? 1 : -1)),
        );
        change(extended(from, to, idAt));
        return false;
      } else if (event.key === 'Escape' && current.ids.size > 0) change(NOTHING);
      else return false;
      return true;
    },
    chooseAll: (chosen) => change(all(chosen.map(id))),
    clear: () => change(NOTHING),
  };
}
