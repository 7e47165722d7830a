import { useCallback, useState } from 'react';
import { favouritesOf, loadKept, MOST_FAVOURITES, saveKept, toggled } from './favourites';

/** The favourites of one user of this browser. */
export function useFavourites(whose: string): {
  ids: readonly string[];
  /** Somebody was to come in, and there was no room. */
  isFull: boolean;
  toggle: (id: string) => void;
} {
  const [ids, setIds] = useState(() => favouritesOf(loadKept(), whose));
  const [isFull, setFull] = useState(false);
  const toggle = useCallback(
    (id: string) => {
      // Another tab may have changed them meanwhile.
      const before = loadKept();
      const after = toggled(before, whose, id);
      const kept = favouritesOf(after, whose);
      setFull(after === before && kept.length >= MOST_FAVOURITES);
      saveKept(after);
      setIds(kept);
    },
    [whose],
  );
  return { ids, isFull, toggle };
}
