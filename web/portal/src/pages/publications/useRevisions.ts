import { type RefObject, useMemo, useRef } from 'react';

/**
 * A publication's details and its cards are two forms on one revision. What one of them saves moves
 * the other along, as long as both were at the same revision: then nobody else came in between.
 */
export interface Revisions {
  details: RefObject<number>;
  /** 0 until the cards were read. */
  cards: RefObject<number>;
  advance: (from: number, to: number) => void;
}

export function useRevisions(revision: number): Revisions {
  const details = useRef(revision);
  const cards = useRef(0);
  return useMemo(
    () => ({
      details,
      cards,
      advance(from, to) {
        for (const place of [details, cards]) if (place.current === from) place.current = to;
      },
    }),
    [],
  );
}
