import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

/** Rows as far as they are in the page. */
export interface Rows {
  /** For what scrolls. */
  scroller: RefObject<HTMLDivElement | null>;
  /** The rows that exist, in their order. */
  shown: number[];
  /** How high all rows are together. */
  totalPx: number;
  /** Brings a row into sight. */
  scrollTo: (row: number) => void;
}

/** The first and the last row in sight. */
interface Range {
  first: number;
  last: number;
}

/**
 * Rows of one height, of which only those in sight exist in the page, and `ahead` more on both sides.
 * `kept` stays wherever somebody scrolls: it is the one that has the focus.
 */
export function useRows(of: { count: number; rowPx: number; ahead: number; kept: number }): Rows {
  const { count, rowPx, ahead, kept } = of;
  const scroller = useRef<HTMLDivElement>(null);
  const [range, setRange] = useState<Range>({ first: 0, last: 0 });

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = (): void => {
      const next = rangeAt(element.scrollTop, element.clientHeight, rowPx);
      setRange((seen) => (seen.first === next.first && seen.last === next.last ? seen : next));
    };
    look();
    const watcher = new ResizeObserver(look);
    watcher.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      watcher.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [rowPx]);

  return {
    scroller,
    shown: rowsOf(range, { count, ahead, kept }),
    totalPx: count * rowPx,
    scrollTo(row) {
      const element = scroller.current;
      if (!element) return;
      const { scrollTop, clientHeight } = element;
      element.scrollTop = Math.max(
        Math.min(scrollTop, row * rowPx),
        (row + 1) * rowPx - clientHeight,
      );
    },
  };
}

/** What is in sight when somebody has scrolled to `top` in a window of `height`. */
export function rangeAt(top: number, height: number, rowPx: number): Range {
  const first = Math.max(0, Math.floor(top / rowPx));
  return { first, last: Math.max(first, Math.ceil((top + height) / rowPx) - 1) };
}

/** The rows that exist while `range` is in sight. */
export function rowsOf(
  { first, last }: Range,
  { count, ahead, kept }: { count: number; ahead: number; kept: number },
): number[] {
  const from = Math.max(0, Math.min(first, count - 1) - ahead);
  const until = Math.min(count, last + 1 + ahead);
  const rows = Array.from({ length: Math.max(0, until - from) }, (_, at) => from + at);
  if (kept < 0 || kept >= count) return rows;
  if (kept < from) return [kept, ...rows];
  return kept >= until ? [...rows, kept] : rows;
}
