import { isSame } from '@switchboard/client';
import type { Action } from '../../app/rights';
import type { AuditEntry } from '../../data/audit';
import { isKept, KEPT, type KeptKind } from './kept';

/** How long a contact that was deleted by hand can be brought back, in milliseconds. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;
/** What stands in place of a secret. */
const SECRET = '***';

/** Values by the names of their fields. */
export type Values = Readonly<Record<string, unknown>>;

/** Fields that are put back: what they were before an act, and what they are after it. */
export interface Change {
  before: Values;
  after: Values;
}

/** How an act that was recorded is undone. */
export type Undo =
  /** By a run's own undoing, on its page. */
  | { how: 'run'; run: string }
  /** By bringing a contact back; `name` is null where the trail tells none. */
  | { how: 'restore'; contact: string; name: string | null }
  /** By making a contact a member of a group, or none any more. */
  | { how: 'member'; group: string; contact: string; becomesMember: boolean }
  /** By letting a field follow its source again, unless its value is newer than the pin, which was set `at`. */
  | { how: 'unpin'; contact: string; field: string; at: string }
  /** By pinning a field again, with the value that it had. */
  | ({ how: 'pin'; contact: string; field: string } & Change)
  /** By having a publication show what it showed, in that order. */
  | ({ how: 'entries'; publication: string } & Change)
  /** By an ordinary change that puts the values before back. */
  | ({ how: 'fields'; kind: KeptKind; id: string } & Change);

/** Who asks, and when. */
export interface Asking {
  may: (action: Action) => boolean;
  now: number;
}

/** How an act is undone by who may do so; null where it is not, because there is no sound way. */
export function undoOf(entry: AuditEntry, { may, now }: Asking): Undo | null {
  const { act, kind, object, changes } = entry;
  const pairs = pairsOf(changes);
  if (!pairs) return null;
  if (kind === 'run' && act === 'synchronize') {
    const isApplied = pairs.get('state')?.[1] === 'succeeded';
    return isApplied && may('synchronize') ? { how: 'run', run: object } : null;
  }
  if (kind === 'contact' && act === 'remove') {
    const isKept = now - Date.parse(entry.at) < KEPT_MS;
    if (!isKept || !may('manage_contacts')) return null;
    return { how: 'restore', contact: object, name: nameIn(pairs) };
  }
  if (act !== 'update' || pairs.size === 0) return null;
  if (kind === 'group' && pairs.has('members')) return memberOf(object, pairs, may);
  if (kind === 'publication' && pairs.has('entries')) return entriesOf(object, pairs, may);
  if (kind === 'contact' && pairs.has('pinned')) return pinOf(entry, pairs, may);
  if (!isKept(kind)) return null;
  const change = changeOf(kind, pairs, may);
  return change && { how: 'fields', kind, id: object, ...change };
}

type Pairs = ReadonlyMap<string, readonly [unknown, unknown]>;

/** The values before and after, by field; null when the entry has another form. */
function pairsOf(changes: unknown): Pairs | null {
  if (typeof changes !== 'object' || changes === null) return null;
  const all = Object.entries(changes);
  if (!all.every(([, pair]) => Array.isArray(pair) && pair.length === 2)) return null;
  return new Map(all as [string, [unknown, unknown]][]);
}

function changeOf(kind: KeptKind, pairs: Pairs, may: Asking['may']): Change | null {
  const { right, fields }: { right: Action; fields: ReadonlySet<string> } = KEPT[kind];
  const isSound = [...pairs].every(
    ([field, values]) => fields.has(field) && !values.some((value) => hasSecret(value)),
  );
  if (!isSound || isHarmful(kind, pairs) || !may(right)) return null;
  const side = (at: 0 | 1): Values =>
    Object.fromEntries([...pairs].map(([field, values]) => [field, values[at]]));
  return { before: side(0), after: side(1) };
}

/** What a publication shows is recorded by itself; in any other company it is none of ours. */
function entriesOf(publication: string, pairs: Pairs, may: Asking['may']): Undo | null {
  const [before, after] = pairs.get('entries') ?? [];
  const areLists = Array.isArray(before) && Array.isArray(after);
  if (pairs.size !== 1 || !areLists || !may('manage_publications')) return null;
  return {
    how: 'entries',
    publication,
    before: { entries: before as unknown },
    after: { entries: after as unknown },
  };
}

/** Whether putting the values before back does more than the trail shows, which nothing brings back. */
function isHarmful(kind: KeptKind, pairs: Pairs): boolean {
  // Who took a contact out is not in the trail: a leaver would become somebody who may still sign in.
  if (kind === 'contact') return pairs.get('is_disabled')?.[0] === true;
  // Runs that would be kept for a shorter time are soon removed.
  if (kind === 'source') return isShorter(pairs.get('keep_days'));
  // What counts for a shorter time is over at once, and forgotten: own words, and what silent sources said last.
  if (kind !== 'presence_rules') return false;
  return isShorter(pairs.get('manual_hours')) || isShorter(pairs.get('silence_minutes'));
}

/** Whether the time before was not longer than the one after; none is without an end. */
function isShorter(times: readonly [unknown, unknown] | undefined): boolean {
  if (!times) return false;
  const [before, after] = times.map((time) => (time === null ? Infinity : Number(time)));
  return !(Number(before) > Number(after));
}

/** Whether a value, or something within it, is what stands in place of a secret. */
function hasSecret(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some(hasSecret);
  return value === SECRET;
}

function memberOf(group: string, pairs: Pairs, may: Asking['may']): Undo | null {
  const [before, after] = pairs.get('members') ?? [];
  const contact = before ?? after;
  const isOne = (before === null) !== (after === null);
  if (pairs.size !== 1 || !isOne || typeof contact !== 'string' || !may('manage_groups')) {
    return null;
  }
  return { how: 'member', group, contact, becomesMember: after === null };
}

/** The name of a contact that was removed, which is not read any more. */
function nameIn(pairs: Pairs): string | null {
  const was = (field: string): string => String(pairs.get(field)?.[0] ?? '');
  const inFull = `${was('first_name')} ${was('last_name')}`.trim();
  return was('display_name') || inFull || was('mail') || was('sip') || null;
}

function pinOf(entry: AuditEntry, pairs: Pairs, may: Asking['may']): Undo | null {
  const { object: contact, at } = entry;
  const { pinned, ...rest } = Object.fromEntries(pairs);
  const [before, after] = pinned ?? [];
  const change = changeOf('contact', new Map(Object.entries(rest)), may);
  if (!change) return null;
  if (before === null && typeof after === 'string' && Object.keys(rest).length === 0) {
    return { how: 'unpin', contact, field: after, at };
  }
  if (typeof before === 'string' && after === null) {
    return { how: 'pin', contact, field: before, ...change };
  }
  return null;
}

/** Whether what an act changed is still as it left it: `undone` when it is as before already. */
export function standing(now: Values, { before, after }: Change): 'as_left' | 'changed' | 'undone' {
  const isAs = (values: Values): boolean =>
    Object.entries(values).every(([field, value]) => isSame(now[field], value));
  if (isAs(before)) return 'undone';
  return isAs(after) ? 'as_left' : 'changed';
}

/**
 * The merge patch (RFC 7386) that makes `wanted` of what is there `now`: it names what is to go, which a value
 * that is merged would leave.
 */
export function patchTo(now: unknown, wanted: unknown): unknown {
  if (!isRecord(wanted)) return wanted ?? null;
  const there = isRecord(now) ? now : {};
  const gone = Object.keys(there).filter((name) => !Object.hasOwn(wanted, name));
  return {
    ...Object.fromEntries(gone.map((name) => [name, null])),
    ...Object.fromEntries(
      Object.entries(wanted).map(([name, value]) => [name, patchTo(there[name], value)]),
    ),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
