import type { Group } from '../../data/groups';
import type { Entry } from '../../data/publications';

/** What tells an entry from every other. */
export function keyOf(entry: Entry): string {
  return 'contact' in entry ? `contact:${entry.contact}` : `group:${entry.group}`;
}

/** The entry of a key. */
export function entryOf(key: string): Entry {
  const [kind, id = ''] = key.split(':');
  return kind === 'group' ? { group: id } : { contact: id };
}

/** How many cards visitors see: one for each entry, and one for each member of a group. */
export function cardsOf(entries: readonly Entry[], groups: ReadonlyMap<string, Group>): number {
  return entries.reduce(
    (cards, entry) =>
      cards + 1 + ('group' in entry ? (groups.get(entry.group)?.member_count ?? 0) : 0),
    0,
  );
}

/** The entries with one of them at another place; a place beyond the end is the end. */
export function moved(entries: readonly Entry[], from: number, to: number): Entry[] {
  const after = [...entries];
  const [entry] = after.splice(from, 1);
  if (entry) after.splice(Math.max(0, to), 0, entry);
  return after;
}
