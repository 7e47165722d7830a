import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { usePlace } from '../app/roomContext';
import { askForSight, type Sight, sightNow, watchComputer } from './idleDetector';
import { Teller, type Telling } from './teller';

const KEY = 'switchboard-operator-silent';

/** What this computer says, and what can be done about it. */
export interface Computer {
  telling: Telling;
  sight: Sight;
  turn: (isOn: boolean) => void;
  /** Asks the browser; only as the answer to a button. */
  ask: () => void;
  /** Before somebody signs out. */
  leave: () => Promise<void>;
}

/** Has this computer say of itself what is known of it. */
export function useComputer(): Computer {
  const { session, own } = usePlace();
  const { tenant } = session;
  const teller = useMemo(() => new Teller({ tenant, contact: own }, !isSilent()), [tenant, own]);
  const telling = useSyncExternalStore(teller.subscribe, teller.telling);
  const [sight, setSight] = useState<Sight>('unable');
  useEffect(() => teller.start(), [teller]);
  useEffect(() => {
    void sightNow().then(setSight);
  }, []);
  const isWatching = sight === 'seen' && telling.isOn;
  useEffect(() => {
    if (!isWatching) return;
    const stop = watchComputer((seen) => teller.see(seen));
    return () => {
      stop();
      teller.see(null);
    };
  }, [isWatching, teller]);
  return {
    telling,
    sight,
    turn(isOn) {
      keepSilent(!isOn);
      teller.turn(isOn);
    },
    ask: () => void askForSight().then(setSight, () => setSight('denied')),
    // Nobody waits for long to be let out.
    leave: () => Promise.race([teller.leave().catch(() => {}), pause(3_000)]),
  };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function isSilent(): boolean {
  try {
    return localStorage.getItem(KEY) === '1';
  } catch {
    return false;
  }
}

function keepSilent(isKept: boolean): void {
  try {
    if (isKept) localStorage.setItem(KEY, '1');
    else localStorage.removeItem(KEY);
  } catch {
    // A browser that keeps nothing asks anew each time.
  }
}
