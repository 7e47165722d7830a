import { type ReactNode, useState } from 'react';
import { UnsavedDialog } from './UnsavedDialog';
import { UnsavedGuard } from './UnsavedGuard';

/**
 * For a dialog in which somebody writes: `leave` does what would throw that away, at once when there is
 * nothing to lose, else when they say so. `guard` belongs into the dialog, and asks before other pages as well.
 */
export function useUnsaved(wouldLose: () => boolean): {
  leave: (act: () => void) => void;
  guard: ReactNode;
} {
  const [asked, setAsked] = useState<{ act: () => void } | null>(null);
  const stay = (): void => setAsked(null);
  const leave = (act: () => void): void => {
    if (wouldLose()) setAsked({ act });
    else act();
  };
  const guard = (
    <>
      <UnsavedGuard wouldLose={wouldLose} />
      {asked && (
        <UnsavedDialog
          stay={stay}
          leave={() => {
            stay();
            asked.act();
          }}
        />
      )}
    </>
  );
  return { leave, guard };
}
