import { ifMatch, isProblem, MERGE_PATCH } from '@switchboard/client';
import { send } from '../../app/gateway';
import { type Contact, restoreContact, setPin } from '../../data/contacts';
import { addMember, removeMember } from '../../data/groups';
import { fieldsOfRules, type PresenceRules, setRules } from '../../data/presence';
import { type Entry, readEntries, setEntries } from '../../data/publications';
import { patchTo, standing, type Undo, type Values } from './undo';

/** What the page of a run does. */
export type Doable = Exclude<Undo, { how: 'run' }>;

/** Something that is kept, as it is now. */
export type Kept = Values & { id: string; revision: number };

/** Where that is which has to be looked at before an act is undone. */
export function pathOf(tenant: string, undo: Doable): string {
  if (undo.how === 'entries') return `/tenants/${tenant}/publications/${undo.publication}`;
  if (undo.how !== 'fields') return `/tenants/${tenant}/contacts/${undo.contact}`;
  if (undo.kind === 'tenant') return `/tenants/${undo.id}`;
  // A tenant has one set of rules, which is all that they are known by.
  if (undo.kind === 'presence_rules') return `/tenants/${tenant}/presence_rules`;
  return `/tenants/${tenant}/${undo.kind}s/${undo.id}`;
}

/** What an undo is about, as it is now; null for a contact that is gone, where it is to come back. */
export async function read(
  tenant: string,
  undo: Doable,
  signal: AbortSignal,
): Promise<Kept | null> {
  try {
    const now: Kept = await (await send(pathOf(tenant, undo), { signal })).json();
    if (undo.how !== 'entries') return now;
    // The revision first: whatever changes in between makes the undo be refused.
    return { ...now, entries: await readEntries(tenant, undo.publication, signal) };
  } catch (error) {
    if (undo.how === 'restore' && isProblem(error, 'not_found')) return null;
    throw error;
  }
}

/** Whether what an act changed is still as it left it. */
export function standingOf(now: Kept | null, undo: Doable): ReturnType<typeof standing> {
  if (undo.how === 'restore') return now ? 'undone' : 'as_left';
  if (undo.how === 'member' || !now) return 'as_left';
  if (undo.how === 'fields' || undo.how === 'entries') return standing(now, undo);
  const { provenance } = now as unknown as Contact;
  const written = provenance[undo.field as keyof Contact['provenance']];
  const isPinned = written?.is_pinned ?? false;
  if (isPinned === (undo.how === 'pin')) return 'undone';
  if (undo.how === 'unpin') {
    // A pin leaves when the value was written, or sets it to its own time; an entry by hand is later.
    const isNewer = written && Date.parse(written.at) > Date.parse(undo.at);
    return isNewer ? 'changed' : 'as_left';
  }
  // Where the value is back already the pin alone is missing.
  return standing(now, undo) === 'changed' ? 'changed' : 'as_left';
}

/** Undoes an act, as long as what it changed is still as it was looked at. */
export async function carryOut(
  tenant: string,
  undo: Doable,
  now: Kept | null | undefined,
): Promise<void> {
  switch (undo.how) {
    case 'restore':
      await restoreContact(tenant, undo.contact);
      return;
    case 'member':
      await (undo.becomesMember ? addMember : removeMember)(tenant, undo.group, undo.contact);
      return;
    default:
  }
  const path = pathOf(tenant, undo);
  if (!now) return;
  if (undo.how === 'entries') {
    const entries = undo.before.entries as Entry[];
    await setEntries(tenant, undo.publication, { revision: now.revision, entries });
    return;
  }
  if (undo.how === 'fields') {
    if (undo.kind === 'presence_rules') {
      // Rules are set as a whole: those that the act did not change stay as they are.
      const rules = fieldsOfRules(now as unknown as PresenceRules);
      await setRules(tenant, now.revision, { ...rules, ...undo.before });
    } else {
      await putBack(path, now, undo.before);
    }
    return;
  }
  // The values come first: they may be refused, the pin is not.
  const hasValues = undo.how === 'pin' && standing(now, undo) === 'as_left';
  const kept =
    hasValues && Object.keys(undo.before).length ? await putBack(path, now, undo.before) : now;
  const pin = { field: undo.field, isPinned: undo.how === 'pin' };
  await setPin(tenant, kept as unknown as Contact, pin);
}

async function putBack(path: string, now: Kept, before: Values): Promise<Kept> {
  const patch = Object.entries(before).map(([field, value]) => [field, patchTo(now[field], value)]);
  const response = await send(path, {
    method: 'PATCH',
    headers: { ...MERGE_PATCH, ...ifMatch(now.revision) },
    body: JSON.stringify(Object.fromEntries(patch)),
  });
  return response.json();
}
