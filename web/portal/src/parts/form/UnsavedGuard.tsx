import { useBlocker } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { UnsavedDialog } from './UnsavedDialog';

/** Asks before changes are lost: by our own dialog within the portal, by the browser's outside. */
export function UnsavedGuard({ wouldLose }: { wouldLose: () => boolean }): ReactNode {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => current.pathname !== next.pathname && wouldLose(),
    enableBeforeUnload: wouldLose,
    withResolver: true,
  });
  if (blocker.status !== 'blocked') return null;
  return <UnsavedDialog leave={blocker.proceed} stay={blocker.reset} />;
}
