import { type ReactNode, useEffect, useRef, useState } from 'react';
import { UnsavedDialog } from './UnsavedDialog';
import { UnsavedGuard } from './UnsavedGuard';

/** What asks before something that was written is thrown away. */
export interface Unsaved {
  /** Does what would throw it away: at once when there is nothing to lose, else when somebody says so. */
  leave: (act: () => void) => void;
  /** Belongs into what is left, and asks before other pages as well. */
  guard: ReactNode;
}

/** For whatever somebody writes in: forms have it, dialogs around them and without forms use it themselves. */
export function useUnsaved(wouldLose: () => boolean): Unsaved {
  const [asked, setAsked] = useState<{ act: () => void } | null>(null);
  // Whoever gave up is not asked again when that leads to another page.
  const isGivenUp = useRef(false);
  useEffect(() => {
    if (!wouldLose()) isGivenUp.current = false;
  });
  const stay = (): void => setAsked(null);
  const leave = (act: () => void): void => {
    if (wouldLose()) setAsked({ act });
    else act();
  };
  const guard = (
    <>
      <UnsavedGuard wouldLose={() => !isGivenUp.current && wouldLose()} />
      {asked && (
        <UnsavedDialog
          stay={stay}
          leave={() => {
            stay();
            isGivenUp.current = true;
            asked.act();
          }}
        />
      )}
    </>
  );
  return { leave, guard };
}
