import { useQueryClient } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { onUnheard } from '../app/attendance';
import { renew } from '../app/renewal';
import { lookAtSession, type Session, sessionQuery } from '../app/session';

const IdleWarning = lazy(() =>
  import('./IdleWarning').then(({ IdleWarning }) => ({ default: IdleWarning })),
);

const KEY = sessionQuery.queryKey;
/** How long before its end a session is warned about. */
const WARN_MS = 60_000;
/** How often it is looked meanwhile whether another tab has gone on. */
const LOOK_MS = 5_000;

/**
 * Warns before a session ends because nobody does anything. The gateway knows when that is: tabs agree
 * because all of them ask it, which keeps nothing alive as long as nobody is there.
 */
export function Idle(): ReactNode {
  const client = useQueryClient();
  const [endsAt, setEndsAt] = useState(() => {
    const state = client.getQueryState<Session | null>(KEY);
    return (state?.dataUpdatedAt ?? Date.now()) + (state?.data?.ends_in_seconds ?? 0) * 1000;
  });
  const [isWarning, setWarning] = useState(false);
  const isLooking = useRef(false);

  const look = useCallback(async (): Promise<void> => {
    if (isLooking.current) return;
    isLooking.current = true;
    try {
      const before = client.getQueryData<Session | null>(KEY);
      const session = await lookAtSession(client);
      if (session && before && session.user !== before.user) {
        location.assign(import.meta.env.BASE_URL);
        return;
      }
      setWarning(session !== null && session.ends_in_seconds * 1000 <= WARN_MS);
      if (session) setEndsAt(Date.now() + session.ends_in_seconds * 1000);
      else if (await renew()) {
        const renewed = client.getQueryData<Session | null>(KEY);
        setEndsAt(Date.now() + (renewed?.ends_in_seconds ?? 0) * 1000);
      }
    } catch {
      // Without network nothing can be said; it is asked again.
      setEndsAt((at) => Math.max(at, Date.now() + LOOK_MS + (isWarning ? 0 : WARN_MS)));
    } finally {
      isLooking.current = false;
    }
  }, [client, isWarning]);

  useEffect(() => {
    const left = endsAt - Date.now();
    const wait = isWarning ? Math.min(LOOK_MS, left) : left - WARN_MS;
    const timer = setTimeout(() => void look(), Math.max(0, wait) + 50);
    return () => clearTimeout(timer);
  }, [endsAt, isWarning, look]);

  useEffect(() => onUnheard(() => void look()), [look]);

  useEffect(() => {
    // A computer that slept did not count.
    const woken = (): void => {
      if (document.visibilityState === 'visible' && endsAt - Date.now() < WARN_MS) void look();
    };
    document.addEventListener('visibilitychange', woken);
    return () => document.removeEventListener('visibilitychange', woken);
  }, [endsAt, look]);

  if (!isWarning) return null;
  return (
    <Suspense>
      <IdleWarning endsAt={endsAt} stay={look} />
    </Suspense>
  );
}
