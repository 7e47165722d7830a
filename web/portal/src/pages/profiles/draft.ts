import type { CallChoices, Profile, ProfileFields, Ring } from '../../data/profiles';
import type { Refusal } from '../../parts/form';

/** What is chosen for calls, while somebody writes it. */
export interface CallsDraft {
  quiet: 'profile' | 'on' | 'off';
  target: string | null;
  /** One device or number on a line, with its seconds behind a comma. */
  rings: string[];
}

/** A profile while somebody writes it. */
export interface ProfileDraft extends CallsDraft {
  name: string;
  german: string | null;
  kind: 'available' | 'away' | 'do_not_disturb';
}

const SECONDS = 20;
const NUMBER = /^(\+?\d{2,15}|sip:\S+@\S+)$/;

export function draftOfCalls(calls: CallChoices | undefined): CallsDraft {
  const { do_not_disturb: quiet = null, forwarding = null, rings = null } = calls ?? {};
  return {
    quiet: quiet === null ? 'profile' : quiet ? 'on' : 'off',
    target: forwarding?.kind === 'to' ? forwarding.target : null,
    rings: (rings ?? []).map(lineOf),
  };
}

export function lineOf(ring: Ring): string {
  return `${ring.kind === 'device' ? ring.name : ring.target}, ${ring.seconds}`;
}

/** What a line means: what looks like a number is one, and all else the name of a device. */
export function ringOf(line: string): Ring {
  const [, head = line, tail] = /^(.*?)(?:,\s*(\d+)\s*)?$/.exec(line.trim()) ?? [];
  const seconds = tail === undefined ? SECONDS : Number(tail);
  const what = head.trim();
  return NUMBER.test(what)
    ? { kind: 'number', target: what, seconds }
    : { kind: 'device', name: what, seconds };
}

export function callsOf({ quiet, target, rings }: CallsDraft): Required<CallChoices> {
  const lines = rings.filter((line) => line.trim());
  return {
    do_not_disturb: quiet === 'profile' ? null : quiet === 'on',
    forwarding: target?.trim() ? { kind: 'to', target: target.trim() } : null,
    rings: lines.length > 0 ? lines.map(ringOf) : null,
  };
}

/** The rules of what is chosen, as `directory/model/src/profile/calls.rs` has them. */
export function checkCalls({ target, rings }: CallsDraft): Refusal[] {
  const refusals: Refusal[] = [];
  if (target?.trim() && !NUMBER.test(target.trim())) {
    const expected =
      'an extension such as 204, a number such as +493012345600, or an address such as sip:anna@example.com';
    refusals.push({ field: 'target', rule: { code: 'format', expected } });
  }
  const all = rings.filter((line) => line.trim()).map(ringOf);
  if (all.length > 10) {
    refusals.push({ field: 'rings', rule: { code: 'too_long', max: 10, unit: 'elements' } });
  } else if (all.some(({ seconds }) => seconds < 5 || seconds > 120)) {
    refusals.push({ field: 'rings', rule: { code: 'out_of_range', min: 5, max: 120 } });
  }
  return refusals;
}

/** Where the gateway's refusals of calls belong in the form. */
export function callsFieldAt(field: string): string {
  const path = field.replace(/^calls\./, '');
  if (path.startsWith('rings')) return 'rings';
  if (path.startsWith('forwarding')) return 'target';
  return path === 'do_not_disturb' ? 'quiet' : path;
}

export const NO_PROFILE: ProfileDraft = {
  name: '',
  german: null,
  kind: 'available',
  quiet: 'profile',
  target: null,
  rings: [],
};

export function draftOfProfile(profile: Profile): ProfileDraft {
  return {
    name: profile.name,
    german: profile.labels?.de ?? null,
    kind: profile.status === 'available' ? 'available' : (profile.absence ?? 'away'),
    ...draftOfCalls(profile.calls),
  };
}

/** What is sent; names in languages that the form does not ask for stay. */
export function fieldsOfDraft(draft: ProfileDraft, kept: Profile | null): ProfileFields {
  const { de: _, ...others } = kept?.labels ?? {};
  const german = draft.german?.trim();
  return {
    name: draft.name.trim(),
    status: draft.kind === 'available' ? 'available' : 'unavailable',
    absence: draft.kind === 'do_not_disturb' ? 'do_not_disturb' : 'away',
    activity: kept?.activity ?? null,
    labels: german ? { ...others, de: german } : others,
    calls: callsOf(draft),
  };
}

/** What can be set on a profile, as it is now. */
export function fieldsOfProfile(profile: Profile): ProfileFields {
  const { name, status, absence = 'away', activity = null, labels = {} } = profile;
  const calls = callsOf(draftOfCalls(profile.calls));
  return { name, status, absence, activity, labels, calls };
}
