/** A session that ended while somebody works: requests wait here until they have signed in again. */
type Listener = () => void;

let waiting: ((isRenewed: boolean) => void)[] = [];
const listeners = new Set<Listener>();

/** Waits until somebody has signed in again, or has given up. */
export function renew(): Promise<boolean> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    tell();
  });
}

/** Lets the waiting requests go on, or be refused. */
export function settleRenewal(isRenewed: boolean): void {
  const settled = waiting;
  waiting = [];
  for (const resolve of settled) resolve(isRenewed);
  tell();
}

/** Whether requests wait for somebody to sign in. */
export function isRenewalWanted(): boolean {
  return waiting.length > 0;
}

export function onRenewalChange(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(): void {
  for (const listener of listeners) listener();
}
