import { describe, expect, it } from 'vitest';
import type { Grant } from '../../data/grants';
import type { Group } from '../../data/groups';
import { reaching } from './administrators';

const group = (id: string, fields: Partial<Group> = {}): Group =>
  ({ id, name: id, root_of: null, synced_from: null, ...fields }) as Group;

/** A room of a floor of the site *berlin*. */
const PATH = [group('room'), group('floor'), group('root', { root_of: 'berlin' })];

const grant = (id: string, role: Grant['role'], kind: string, on?: string): Grant =>
  ({ id, role, user: `u${id}`, scope: on ? { kind, id: on } : { kind } }) as Grant;

const ids = (grants: Grant[]): string => grants.map(({ id }) => id).join(' ');

describe('the roles that reach a group', () => {
  it.each<[string, Grant, 'administrators' | 'others' | null]>([
    ['a group’s on it', grant('1', 'group', 'group', 'room'), 'administrators'],
    ['a contact’s on it', grant('1', 'contact', 'group', 'room'), 'administrators'],
    ['a supervisor’s on it', grant('1', 'supervisor', 'group', 'room'), 'others'],
    ['an agent’s on it', grant('1', 'agent', 'group', 'room'), 'others'],
    ['a group’s above', grant('1', 'group', 'group', 'floor'), 'administrators'],
    ['a supervisor’s above', grant('1', 'supervisor', 'group', 'floor'), null],
    ['a group’s on the root group', grant('1', 'group', 'group', 'root'), 'administrators'],
    ['a site’s', grant('1', 'site', 'site', 'berlin'), 'administrators'],
    ['another site’s', grant('1', 'site', 'site', 'hamburg'), null],
    ['a group’s elsewhere', grant('1', 'group', 'group', 'other'), null],
    ['a publication’s', grant('1', 'site', 'publication', 'room'), null],
    ['the tenant’s', grant('1', 'tenant', 'tenant', 't'), 'administrators'],
    ['a site’s on the whole tenant', grant('1', 'site', 'tenant', 't'), 'administrators'],
    ['everybody’s on the whole tenant', grant('1', 'employee', 'tenant', 't'), null],
  ])('%s', (_, one, expected) => {
    const { administrators, others } = reaching([one], PATH);
    const found = administrators.length ? 'administrators' : others.length ? 'others' : null;
    expect(found).toBe(expected);
  });

  it('are told from the nearest to the farthest, the highest of each first', () => {
    const grants = [
      grant('1', 'tenant', 'tenant', 't'),
      grant('2', 'site', 'site', 'berlin'),
      grant('3', 'contact', 'group', 'room'),
      grant('4', 'group', 'group', 'room'),
      grant('5', 'group', 'group', 'floor'),
    ];
    expect(ids(reaching(grants, PATH).administrators)).toBe('4 3 5 2 1');
  });

  it('are none while the group is not known', () => {
    expect(reaching([grant('1', 'group', 'group', 'room')], [])).toEqual({
      administrators: [],
      others: [],
    });
  });
});
