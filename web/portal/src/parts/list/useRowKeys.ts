import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';

/** How far a page goes, in rows. */
const PAGE_ROWS = 10;

/** Where the rows are. */
interface Place {
  scroller: RefObject<HTMLElement | null>;
  scrollTo: (row: number) => void;
}

/** The keyboard of a list. */
export interface RowKeys {
  /** The row that Tab comes to. */
  active: number;
  setActive: (row: number) => void;
  onKeyDown: (event: KeyboardEvent) => void;
  /** Says where the rows are; called while rendering. */
  attach: (place: Place) => void;
}

/**
 * Up, down, page, home and end go from row to row, Enter opens, right goes to the row's menu, left
 * and Escape back to the row.
 */
export function useRowKeys(options: {
  count: number;
  open: (row: number) => void;
  /** Whether a key on a row meant something already. */
  before?: (event: KeyboardEvent, row: number) => boolean;
}): RowKeys {
  const { count, open, before } = options;
  const [chosen, setActive] = useState(0);
  const active = Math.min(chosen, Math.max(0, count - 1));
  const place = useRef<Place | null>(null);
  const isMoving = useRef(false);

  const focus = (row: number): boolean => {
    const scroller = place.current?.scroller.current;
    const element = scroller?.querySelector<HTMLElement>(`[data-row="${row}"]`);
    element?.focus({ preventScroll: true });
    return Boolean(element);
  };
  // The row may be there only after the list has scrolled.
  useEffect(() => {
    if (isMoving.current && focus(active)) isMoving.current = false;
  });

  const go = (row: number): void => {
    const target = Math.max(0, Math.min(count - 1, row));
    place.current?.scrollTo(target);
    // Nothing is drawn again for a row that is active already: a move that waits for it would take
    // the focus from wherever it is by then.
    isMoving.current = target !== active || !focus(target);
    setActive(target);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    const row = target.closest<HTMLElement>('[data-row]');
    if (!row) return;
    const isOnRow = target === row;
    if (isOnRow && before?.(event, active)) {
      event.preventDefault();
      return;
    }
    const menu = row.querySelector<HTMLElement>('button[aria-haspopup]');
    const isMenuKey = event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey);
    if (isMenuKey && menu) menu.click();
    else if (event.key === 'ArrowRight' && isOnRow && menu) menu.focus();
    else if ((event.key === 'ArrowLeft' || event.key === 'Escape') && !isOnRow) row.focus();
    else if (event.key === 'Enter' && isOnRow) open(active);
    else {
      const steps: Record<string, number> = {
        ArrowDown: active + 1,
        ArrowUp: active - 1,
        PageDown: active + PAGE_ROWS,
        PageUp: active - PAGE_ROWS,
        Home: 0,
        End: count - 1,
      };
      const next = steps[event.key];
      if (next === undefined) return;
      go(next);
    }
    event.preventDefault();
  };
  return {
    active,
    setActive,
    onKeyDown,
    attach(next) {
      place.current = next;
    },
  };
}
