import { useEffect, useState } from 'react';

/** Gives the focus back, when what uses it goes, to what had it when that came. */
export function useReturnFocus(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (before instanceof HTMLElement) before.focus();
    },
    [before],
  );
}
