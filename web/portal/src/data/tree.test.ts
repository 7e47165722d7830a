import { describe, expect, it } from 'vitest';
import type { Group } from './groups';
import { mayGo, treeOf } from './tree';

/** A group below another; `fields` says what it is besides. */
function group(id: string, parent: string | null, fields: Partial<Group> = {}): Group {
  return { id, name: id, parent, root_of: null, synced_from: null, ...fields } as Group;
}

const TREE = treeOf([
  group('berlin', null, { root_of: 'site' }),
  group('floor', 'berlin'),
  group('room', 'floor'),
  group('desk', 'room'),
  group('support', null),
  group('directory', null, { synced_from: 'source' }),
  group('mirrored', 'directory', { synced_from: 'source' }),
  group('astray', 'unseen'),
]);

describe('where a group may go', () => {
  it.each<[string, string | null, boolean, string]>([
    ['support', 'berlin', true, 'below the root group of a site'],
    ['support', 'desk', true, 'below any other'],
    ['room', null, true, 'to the top'],
    ['room', 'berlin', true, 'further up'],
    ['room', 'floor', false, 'where it is'],
    ['support', null, false, 'to the top, where it is'],
    ['room', 'room', false, 'into itself'],
    ['room', 'desk', false, 'below what is below it'],
    ['floor', 'desk', false, 'far below itself'],
    ['support', 'directory', false, 'into a source'],
    ['support', 'mirrored', false, 'below what mirrors a directory'],
    ['mirrored', 'support', false, 'when it mirrors a directory'],
    ['mirrored', null, false, 'to the top when it mirrors a directory'],
    ['berlin', 'support', false, 'when it is the root group of a site'],
    ['astray', null, true, 'to the top from below what nobody may see'],
    ['support', 'unseen', false, 'below what nobody may see'],
    ['gone', 'support', false, 'when it is gone'],
  ])('%s onto %s: %s (%s)', (id, parent, expected) => {
    expect(mayGo(TREE, id, parent)).toBe(expected);
  });

  it('is nowhere that the tree would be none any more', () => {
    const ids = ['berlin', 'floor', 'room', 'desk', 'support', 'directory', 'mirrored', 'astray'];
    for (const id of ids) {
      const within = TREE.within(id).map((one) => one.id);
      for (const parent of within)
        expect([id, parent, mayGo(TREE, id, parent)]).toEqual([id, parent, false]);
    }
  });
});
