import { useMemo, useState } from 'react';
import { STEP, type Tree } from '../../data/tree';

/** What somebody has opened, and searches for, in a tree. */
export interface TreeState {
  open: ReadonlySet<string>;
  shown: ReadonlyMap<string, number>;
  words: string;
  setWords: (words: string) => void;
  toggle: (id: string, isOpen: boolean) => void;
  /** Shows more rows of a branch. */
  more: (parent: string | null) => void;
  /** Opens the way to a group, and shows as much of the branches as it takes. */
  reveal: (tree: Tree, id: string) => void;
}

export function useTreeState(): TreeState {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [shown, setShown] = useState<ReadonlyMap<string, number>>(new Map());
  const [words, setWords] = useState('');
  const acts = useMemo(
    () => ({
      setWords,
      toggle(id: string, isOpen: boolean) {
        setOpen((before) => {
          const after = new Set(before);
          if (isOpen) after.add(id);
          else after.delete(id);
          return after;
        });
      },
      more(parent: string | null) {
        const key = parent ?? '';
        setShown((before) => new Map(before).set(key, (before.get(key) ?? STEP) + STEP));
      },
      reveal(tree: Tree, id: string) {
        const path = tree.above(id).map((group) => group.id);
        setOpen((before) => new Set([...before, ...path]));
        setShown((before) => {
          const after = new Map(before);
          [...path, id].forEach((at, index) => {
            const parent = index === 0 ? null : (path[index - 1] ?? null);
            const place = tree.below(parent).findIndex((group) => group.id === at);
            const wanted = Math.ceil((place + 1) / STEP) * STEP;
            const key = parent ?? '';
            after.set(key, Math.max(wanted, after.get(key) ?? STEP));
          });
          return after;
        });
      },
    }),
    [],
  );
  return { open, shown, words, ...acts };
}
