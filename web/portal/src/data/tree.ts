import type { Group } from './groups';

/** A tenant's groups as a tree. A group whose parent somebody may not see stands at the top. */
export interface Tree {
  get: (id: string) => Group | undefined;
  /** The groups directly below, in the order of names; `null` is the top. */
  below: (id: string | null) => readonly Group[];
  /** The groups above, from the top down. */
  above: (id: string) => Group[];
  /** The group and everything below it. */
  within: (id: string) => Group[];
  /** Every group whose name holds all words. */
  find: (words: string) => Group[];
}

const NOBODY: readonly Group[] = [];

/** Arranges groups, which come in the order of their names. */
export function treeOf(groups: readonly Group[]): Tree {
  const byId = new Map(groups.map((group) => [group.id, group]));
  const children = new Map<string | null, Group[]>();
  for (const group of groups) {
    const parent = group.parent && byId.has(group.parent) ? group.parent : null;
    const siblings = children.get(parent);
    if (siblings) siblings.push(group);
    else children.set(parent, [group]);
  }
  const below = (id: string | null): readonly Group[] => children.get(id) ?? NOBODY;

  return {
    get: (id) => byId.get(id),
    below,
    above(id) {
      const path: Group[] = [];
      let at = byId.get(id)?.parent;
      while (at && path.length <= groups.length) {
        const group = byId.get(at);
        if (!group) break;
        path.unshift(group);
        at = group.parent;
      }
      return path;
    },
    within(id) {
      const first = byId.get(id);
      const found = first ? [first] : [];
      for (let at = 0; at < found.length; at += 1) found.push(...below(found[at]?.id ?? ''));
      return found;
    },
    find(words) {
      const wanted = fold(words).split(/\s+/).filter(Boolean);
      return groups.filter(({ name }) => {
        const text = fold(name ?? '');
        return wanted.every((word) => text.includes(word));
      });
    },
  };
}

/** Text without case and accents. */
function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/** One row of a tree as it is seen. */
export interface TreeRow {
  id: string;
  /** The row above it in the tree; null at the top. */
  parent: string | null;
  level: number;
  place: number;
  count: number;
  /** Absent in a row that only says how many more there are. */
  group?: Group;
  isBranch: boolean;
  /** How many siblings are not shown yet. */
  hidden: number;
}

/** What of a tree is open, and how many of its siblings are shown. */
export interface Seen {
  open: ReadonlySet<string>;
  /** How many rows of a branch are shown; `STEP` when it says nothing. */
  shown: ReadonlyMap<string, number>;
  /** Left out with everything below. */
  without?: ReadonlySet<string>;
}

/** How many siblings are shown at once, and how many more when somebody asks. */
export const STEP = 100;

/** The rows that are seen: open branches only, long ones as far as somebody asked. */
export function rowsOf(tree: Tree, seen: Seen): TreeRow[] {
  const rows: TreeRow[] = [];
  const walk = (parent: string | null, level: number): void => {
    const all = childrenOf(tree, parent, seen);
    const shown = seen.shown.get(parent ?? '') ?? STEP;
    all.slice(0, shown).forEach((group, index) => {
      const isBranch = childrenOf(tree, group.id, seen).length > 0;
      const row = { parent, level, place: index + 1, count: all.length, isBranch, hidden: 0 };
      rows.push({ id: group.id, group, ...row });
      if (isBranch && seen.open.has(group.id)) walk(group.id, level + 1);
    });
    const hidden = all.length - shown;
    if (hidden <= 0) return;
    const row = { parent, level, place: shown + 1, count: all.length, isBranch: false, hidden };
    rows.push({ id: moreOf(parent), ...row });
  };
  walk(null, 1);
  return rows;
}

/** The identity of the row that shows more of a branch. */
export function moreOf(parent: string | null): string {
  return `more:${parent ?? ''}`;
}

function childrenOf(tree: Tree, parent: string | null, { without }: Seen): readonly Group[] {
  const all = tree.below(parent);
  return without ? all.filter(({ id }) => !without.has(id)) : all;
}

/** Where a group is, in words: its name after those above it. Null for the top, and for none. */
export function placeOf(tree: Tree, id: string | null): string | null {
  const group = id === null ? undefined : tree.get(id);
  if (!group) return null;
  return [...tree.above(group.id), group].map(({ name }) => name).join(' › ');
}

/** Where nothing can be put by hand: groups that mirror a directory. */
export function syncedIn(tree: Tree): Set<string> {
  const found = new Set<string>();
  const walk = (parent: string | null): void => {
    for (const group of tree.below(parent)) {
      if (group.synced_from) found.add(group.id);
      else walk(group.id);
    }
  };
  walk(null);
  return found;
}

/** Whether a group can be moved by hand: neither one that mirrors a directory nor the root group of a site. */
export function isMovable({ synced_from, root_of }: Group): boolean {
  return !synced_from && !root_of;
}

/**
 * Whether a group can be put below `parent`, or at the top where that is null: it is not there yet, and
 * neither is it itself, below itself, nor in what mirrors a directory. The gateway knows the rest, such as
 * whether its name is taken there.
 */
export function mayGo(tree: Tree, id: string, parent: string | null): boolean {
  const group = tree.get(id);
  if (!group || !isMovable(group) || (group.parent ?? null) === parent) return false;
  if (parent === null) return true;
  const onto = tree.get(parent);
  if (!onto || onto.synced_from || parent === id) return false;
  return !tree.above(parent).some((one) => one.id === id || one.synced_from);
}
