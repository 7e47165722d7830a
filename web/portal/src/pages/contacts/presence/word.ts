import type { ManualFields } from '../../../data/presence';
import type { Availability, ClaimPart } from '../../../data/why';
import type { Refusal } from '../../../parts/form';

/** An own word while somebody writes it. */
export interface WordDraft {
  /** A state, or `named:` and the identity of a named state. */
  choice: string;
  activity: NonNullable<ManualFields['activity']> | null;
  custom: string | null;
  is_out_of_office: boolean;
  expires_at: string | null;
}

const NAMED = 'named:';

/** The choice that a named state is. */
export function choiceOf({ id }: { id: string }): string {
  return NAMED + id;
}

/** Whether a named state is chosen, which says by itself what is shown. */
export function isNamed({ choice }: WordDraft): boolean {
  return choice.startsWith(NAMED);
}

/** What is given now, to change it; else what most want to say. */
export function draftOf(
  given: ClaimPart | null,
  states: readonly { id: string; name: string }[],
): WordDraft {
  if (!given) {
    const none = { activity: null, custom: null, is_out_of_office: false, expires_at: null };
    return { choice: 'busy', ...none };
  }
  const { availability, activity, custom, is_out_of_office, expires_at } = given.claim;
  const named = states.find(({ name }) => name === custom);
  const choice = named ? choiceOf(named) : availability;
  const rest = named ? { activity: null, custom: null } : { activity, custom };
  return { choice, ...rest, is_out_of_office, expires_at };
}

/** What is sent: the named state alone says its state, activity and name. */
export function fieldsOfDraft(draft: WordDraft): ManualFields {
  const { choice, activity, custom, is_out_of_office, expires_at } = draft;
  const shared = { is_out_of_office, expires_at };
  if (isNamed(draft)) return { custom_state: choice.slice(NAMED.length), ...shared };
  const name = custom?.trim() || null;
  return { availability: choice as Availability, activity, custom: name, ...shared };
}

/** The field in which a refusal of the gateway is shown. */
export function draftFieldAt(path: string): string {
  return path === 'availability' || path === 'custom_state' ? 'choice' : path;
}

/** What ends must end later than now. */
export function checkEnd({ expires_at }: { expires_at: string | null }, now: number): Refusal[] {
  if (expires_at === null || Date.parse(expires_at) > now) return [];
  return [{ field: 'expires_at', rule: { code: 'format', expected: 'a moment in the future' } }];
}
