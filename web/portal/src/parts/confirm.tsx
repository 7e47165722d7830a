import { lazy, type ReactNode, Suspense } from 'react';
import type { Confirmation } from './ConfirmDialog';

const Loaded = lazy(() =>
  import('./ConfirmDialog').then(({ ConfirmDialog }) => ({ default: ConfirmDialog })),
);

/** Asks before something is done; loaded when it is asked. */
export function ConfirmDialog(props: { confirmation: Confirmation; close: () => void }): ReactNode {
  return (
    <Suspense>
      <Loaded {...props} />
    </Suspense>
  );
}
