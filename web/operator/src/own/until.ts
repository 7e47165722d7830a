/** Until when something is said. Pure. */

/** The ends that are offered. */
export const ENDS = ['open', '30', '60', '120', 'day', 'other'] as const;

export type End = (typeof ENDS)[number];

/** An end as it is chosen. */
export interface Until {
  end: End;
  /** The moment of `other`, RFC 3339; null while none is entered. */
  at: string | null;
}

/** Until it is taken back. */
export const OPEN: Until = { end: 'open', at: null };

/** The moment that is meant, null for none; `past` when it is over, or none was entered. */
export function momentOfEnd({ end, at }: Until, now: number): string | null | 'past' {
  if (end === 'open') return null;
  if (end === 'other') return at !== null && Date.parse(at) > now ? at : 'past';
  if (end === 'day') {
    const midnight = new Date(now);
    midnight.setHours(24, 0, 0, 0);
    return midnight.toISOString();
  }
  return new Date(now + Number(end) * 60_000).toISOString();
}

/** Whether a moment is on the same day as `now`, by the clock of whoever looks. */
export function isToday(moment: string, now: number): boolean {
  return new Date(moment).toDateString() === new Date(now).toDateString();
}
