/**
 * What this computer says of itself, and when. Pure.
 *
 * | what is known | is said |
 * |---|---|
 * | it is switched off | what was said ends |
 * | the browser sees whether somebody uses the computer: it is locked | `locked` |
 * | … nobody has used it for a while | `idle` |
 * | … somebody uses it | `active` |
 * | it does not: somebody used this page in the last five minutes | `active` |
 * | … nobody did | nothing; what was said expires by itself |
 *
 * What is said is repeated each minute, and counts for three: a page in the background has its timers only once a
 * minute, and one that is gone says nothing more.
 */

/** What the gateway may be told of a computer. */
export type Word = 'active' | 'idle' | 'locked';

/** For how long what is said counts without being repeated, in seconds. */
export const COUNTS_S = 180;
/** How soon it is repeated, in milliseconds. */
export const REPEAT_MS = 60_000;
/** For how long input in the page says that somebody is there, in milliseconds. */
export const INPUT_MS = 300_000;
/** How soon it is tried again when it could not be said, in milliseconds. */
export const RETRY_MS = 10_000;

/** What the browser sees of the computer. */
export interface Seen {
  user: 'active' | 'idle';
  screen: 'locked' | 'unlocked';
}

/** What is known, moments in milliseconds since 1970. */
export interface Known {
  now: number;
  isOn: boolean;
  /** Null where the browser does not see it, or may not. */
  seen: Seen | null;
  /** When somebody did something in the page last. */
  inputAt: number;
  /** What was said last, and when; null when nothing that could still count was. */
  said: { word: Word; at: number } | null;
  /** When something could not be said; null when the last thing could. */
  failedAt: number | null;
}

/** What is to be done now. */
export type Step = { do: 'say'; word: Word } | { do: 'end' } | { do: 'nothing' };

/** The word for what is known of the computer; null when nothing is. */
export function wordOf({
  now,
  seen,
  inputAt,
}: Pick<Known, 'now' | 'seen' | 'inputAt'>): Word | null {
  if (seen?.screen === 'locked') return 'locked';
  if (seen) return seen.user;
  return now - inputAt < INPUT_MS ? 'active' : null;
}

/** What is to be done now. */
export function decide(known: Known): Step {
  const { now, isOn, said, failedAt } = known;
  if (failedAt !== null && now - failedAt < RETRY_MS) return { do: 'nothing' };
  if (!isOn) return said ? { do: 'end' } : { do: 'nothing' };
  const word = wordOf(known);
  if (word === null) return { do: 'nothing' };
  const isDue = said === null || said.word !== word || Math.abs(now - said.at) >= REPEAT_MS;
  return isDue ? { do: 'say', word } : { do: 'nothing' };
}
