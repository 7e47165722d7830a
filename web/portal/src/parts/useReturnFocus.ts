import { useEffect, useState } from 'react';

/**
 * Gives the focus back, when what uses it goes, to what had it when that came; unless something has it
 * already, such as the dialog that comes next.
 */
export function useReturnFocus(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      const now = document.activeElement;
      const isFree = now === null || now === document.body;
      if (before instanceof HTMLElement && isFree) before.focus();
    },
    [before],
  );
}
