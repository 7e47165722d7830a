/** The longest pause between two attempts. */
export const MAX_DELAY_MS = 60_000;

/**
 * How long to wait before the attempt after `failures` failed ones: twice as long each time, at most
 * a minute, and somewhere in the upper half of that, so that pages do not come back all at once.
 */
export function backoff(failures: number, baseMs: number, random: () => number): number {
  const full = Math.min(MAX_DELAY_MS, Math.max(500, baseMs) * 2 ** Math.min(failures, 16));
  return Math.round(full * (0.5 + random() / 2));
}
