/** How available somebody is; the words are those on the wire, most available first. */
export const STATES = [
  'available',
  'inactive',
  'busy',
  'do_not_disturb',
  'be_right_back',
  'away',
  'offline',
  'unknown',
] as const;

export type State = (typeof STATES)[number];

/** What somebody is doing, finer than the state. */
export const ACTIVITIES = [
  'on_the_phone',
  'in_a_conference',
  'in_a_meeting',
  'out_of_office',
  'urgent_interruptions_only',
  'off_work',
  'presenting',
] as const;

export type Activity = (typeof ACTIVITIES)[number];

/** Reads a state word; a word of a newer gateway is `unknown`, never a guess. */
export function stateOf(word: unknown): State {
  return STATES.find((state) => state === word) ?? 'unknown';
}

/** Reads an activity word; one of a newer gateway is left out. */
export function activityOf(word: unknown): Activity | null {
  return ACTIVITIES.find((activity) => activity === word) ?? null;
}
