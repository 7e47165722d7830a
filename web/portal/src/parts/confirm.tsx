import { lazy, type ReactNode, Suspense } from 'react';
import type { Confirmation } from './ConfirmDialog';

const Loaded = lazy(() =>
  import('./ConfirmDialog').then(({ ConfirmDialog }) => ({ default: ConfirmDialog })),
);

/** How a page is left whose object is gone: nobody comes back to it, and nothing on it can be lost. */
export const GONE = { replace: true, ignoreBlocker: true } as const;

/** Asks before something is done; loaded when it is asked. */
export function ConfirmDialog(props: { confirmation: Confirmation; close: () => void }): ReactNode {
  return (
    <Suspense>
      <Loaded {...props} />
    </Suspense>
  );
}
