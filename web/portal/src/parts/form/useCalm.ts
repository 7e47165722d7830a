import { useCallback, useEffect, useRef } from 'react';

/**
 * Puts things off while the button of a pointer is down, until its click is done: what they change
 * must not move away what is about to be clicked.
 */
export function useCalm(): (act: () => void) => void {
  const isDown = useRef(false);
  const waiting = useRef<(() => void)[]>([]);
  useEffect(() => {
    const down = (): void => {
      isDown.current = true;
    };
    const up = (): void => {
      isDown.current = false;
      // The click comes right after this.
      setTimeout(() => {
        for (const act of waiting.current.splice(0)) act();
      });
    };
    const events = { pointerdown: down, pointerup: up, pointercancel: up };
    for (const [name, listener] of Object.entries(events)) addEventListener(name, listener, true);
    return () => {
      for (const [name, listener] of Object.entries(events)) {
        removeEventListener(name, listener, true);
      }
    };
  }, []);
  return useCallback((act) => {
    if (isDown.current) waiting.current.push(act);
    else act();
  }, []);
}
