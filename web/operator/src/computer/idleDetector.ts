import type { Seen } from './decide';

/** For how long nobody uses the computer before it counts as idle, in milliseconds; browsers take no less than a minute. */
const THRESHOLD_MS = 300_000;

/** The browser's own, which few have and no library describes. */
interface IdleDetector extends EventTarget {
  readonly userState: 'active' | 'idle' | null;
  readonly screenState: 'locked' | 'unlocked' | null;
  start(options: { threshold: number; signal: AbortSignal }): Promise<void>;
}

interface IdleDetectorClass {
  new (): IdleDetector;
  requestPermission(): Promise<'granted' | 'denied'>;
}

function detectorClass(): IdleDetectorClass | null {
  const found = (globalThis as { IdleDetector?: IdleDetectorClass }).IdleDetector;
  return found ?? null;
}

/** What the browser lets a page notice: nothing, nothing before somebody allows it, everything, or nothing any more. */
export type Sight = 'unable' | 'ask' | 'seen' | 'denied';

/** What the browser allows now, without asking anybody. */
export async function sightNow(): Promise<Sight> {
  if (!detectorClass()) return 'unable';
  try {
    const name = 'idle-detection' as PermissionName;
    const { state } = await navigator.permissions.query({ name });
    return state === 'granted' ? 'seen' : state === 'denied' ? 'denied' : 'ask';
  } catch {
    return 'ask';
  }
}

/** Asks whoever presses a button; browsers let nobody ask without one. */
export async function askForSight(): Promise<Sight> {
  const found = detectorClass();
  if (!found) return 'unable';
  return (await found.requestPermission()) === 'granted' ? 'seen' : 'denied';
}

/** Watches the computer from now on; what it gives ends that. */
export function watchComputer(told: (seen: Seen | null) => void): () => void {
  const found = detectorClass();
  if (!found) return () => {};
  const ending = new AbortController();
  const detector = new found();
  const look = (): void => {
    const { userState: user, screenState: screen } = detector;
    if (!ending.signal.aborted) told(user && screen ? { user, screen } : null);
  };
  detector.addEventListener('change', look);
  detector.start({ threshold: THRESHOLD_MS, signal: ending.signal }).then(look, () => {
    // What was allowed a moment ago may not be any more.
    if (!ending.signal.aborted) told(null);
  });
  return () => {
    detector.removeEventListener('change', look);
    ending.abort();
  };
}
