import { lazy, type ReactNode, Suspense } from 'react';
import { useWorks } from '../app/work';

const WorkPanel = lazy(() => import('./WorkPanel').then((it) => ({ default: it.WorkPanel })));

/** What goes on in the background, once something does. */
export function Works(): ReactNode {
  if (useWorks().length === 0) return null;
  return (
    <Suspense>
      <WorkPanel />
    </Suspense>
  );
}
