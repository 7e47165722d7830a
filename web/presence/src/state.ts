import { COLORS } from './color';
import { ENGLISH_LABELS } from './label';

/** How available somebody is, as a word on the wire. */
export type State = keyof typeof COLORS;

/** All of them, most available first. */
export const STATES = /* @__PURE__ */ Object.keys(COLORS) as State[];

/** What somebody is doing, finer than the state. */
export type Activity =
  | 'on_the_phone'
  | 'in_a_conference'
  | 'in_a_meeting'
  | 'out_of_office'
  | 'urgent_interruptions_only'
  | 'off_work'
  | 'presenting';

/** All of them: what has a label and is no state. */
export const ACTIVITIES = /* @__PURE__ */ Object.keys(ENGLISH_LABELS).slice(
  STATES.length,
) as Activity[];

/** Reads a state word; a word of a newer gateway is `unknown`, never a guess. */
export function stateOf(word: unknown): State {
  return STATES.find((state) => state === word) ?? 'unknown';
}

/** Reads an activity word; one of a newer gateway is left out. */
export function activityOf(word: unknown): Activity | null {
  return ACTIVITIES.find((activity) => activity === word) ?? null;
}
