import { lazy, type ReactNode, Suspense, useSyncExternalStore } from 'react';
import { isRenewalWanted, onRenewalChange } from '../app/renewal';

const SignInAgain = lazy(() =>
  import('./SignInAgain').then(({ SignInAgain }) => ({ default: SignInAgain })),
);

/** Asks to sign in again while requests wait for it. */
export function Renewal(): ReactNode {
  const isWanted = useSyncExternalStore(onRenewalChange, isRenewalWanted);
  if (!isWanted) return null;
  return (
    <Suspense>
      <SignInAgain />
    </Suspense>
  );
}
