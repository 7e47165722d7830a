/** Whether somebody is there: what the portal asks by itself must keep no session alive. */

/** For how long after a touch or a key somebody counts as being there. */
const THERE_MS = 60_000;
const SIGNS = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;

let actedAt = Date.now();
let askedAt = 0;
const listeners = new Set<() => void>();

for (const sign of SIGNS) {
  globalThis.addEventListener?.(sign, attend, { capture: true, passive: true });
}

/** Somebody is there, as is seen by what they do here, or by other signs of life at their computer. */
export function attend(): void {
  actedAt = Date.now();
  if (actedAt - askedAt >= THERE_MS) for (const listener of listeners) listener();
}

/** Whether a request that is sent now is somebody's; one that is keeps the session alive. */
export function isAttended(): boolean {
  const now = Date.now();
  const isThere = now - actedAt < THERE_MS;
  if (isThere) askedAt = now;
  return isThere;
}

/** Calls when somebody does something of which the gateway has not heard for a minute. */
export function onUnheard(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
