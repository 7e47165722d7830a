import { eventsOf } from '@switchboard/client';
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { send } from '../../app/gateway';
import { untilSilent } from '../../app/untilSilent';
import { isOpen, type Progress, progressPath, type Run, runQuery } from '../../data/runs';
import { useChangedBy } from './useChangedBy';

/** How soon a stream that ended early is asked for again, in milliseconds. */
const AGAIN_MS = 3000;
/** How long a stream may say nothing, not even that it lives, which it does every 15 seconds. */
const SILENCE_MS = 40_000;

/**
 * A run as it is now, and how far it has come while it goes on: told by a stream as it happens, and
 * looked at again and again while there is none.
 */
export function useRun(tenant: string, id: string): { run: Run; progress: Progress | null } {
  const client = useQueryClient();
  const [progress, setProgress] = useState<Progress | null>(null);
  const [isTold, setTold] = useState(false);
  const query = runQuery(tenant, id);
  const { data: run } = useSuspenseQuery(isTold ? { ...query, refetchInterval: false } : query);
  const isRunning = run.state === 'running';
  useChangedBy(tenant, isOpen(run));

  useEffect(() => {
    if (!isRunning) return;
    const { queryKey } = runQuery(tenant, id);
    const stop = new AbortController();
    const follow = async (): Promise<void> => {
      const one = new AbortController();
      const signal = AbortSignal.any([stop.signal, one.signal]);
      const silent = setTimeout(() => one.abort(), SILENCE_MS);
      const response = await send(progressPath(tenant, id), { signal }).finally(() =>
        clearTimeout(silent),
      );
      const events = untilSilent(eventsOf(response), SILENCE_MS, () => one.abort());
      for await (const { name, data } of events) {
        setTold(true);
        if (name === 'progress') {
          const told: Progress = JSON.parse(data);
          setProgress(told);
          client.setQueryData(queryKey, (kept) => kept && { ...kept, counts: told.counts });
        }
        if (name === 'run') {
          client.setQueryData(queryKey, JSON.parse(data) as Run);
        }
      }
    };
    const keepFollowing = async (): Promise<void> => {
      while (!stop.signal.aborted) {
        // Without a stream the run is looked at as before.
        await follow().catch(() => {});
        if (stop.signal.aborted) return;
        setTold(false);
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    };
    void keepFollowing();
    return () => {
      stop.abort();
      setTold(false);
      setProgress(null);
    };
  }, [client, tenant, id, isRunning]);

  return { run, progress: isRunning ? progress : null };
}
