import { type RefCallback, useCallback, useEffect, useRef, useState } from 'react';

/** Something that is added in a step, and the way back from it. */
export interface Adding {
  isAdding: boolean;
  /** Another number for every new form: what was given up does not come again. */
  draft: number;
  add: () => void;
  made: () => void;
  cancel: () => void;
  /** What has the focus after the way back. */
  again: RefCallback<HTMLElement>;
}

/** Adds at once where there is nothing yet; then the way back is `close`, else to what there is. */
export function useAdding(count: number, close: () => void): Adding {
  const [isAdding, setAdding] = useState(count === 0);
  const [draft, setDraft] = useState(0);
  const button = useRef<HTMLElement>(null);
  useEffect(() => {
    if (draft > 0) button.current?.focus();
  }, [draft]);
  return {
    isAdding,
    draft,
    add: () => setAdding(true),
    made: () => setAdding(false),
    cancel: () => {
      setDraft(draft + 1);
      if (count > 0) setAdding(false);
      else close();
    },
    again: useCallback((element) => {
      button.current = element;
    }, []),
  };
}
