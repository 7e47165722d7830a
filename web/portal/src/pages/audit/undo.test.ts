import { describe, expect, it } from 'vitest';
import type { Action } from '../../app/rights';
import type { AuditEntry } from '../../data/audit';
import { NO_FIELDS } from '../../data/contacts';
import { NO_DOMAIN } from '../../data/domains';
import { DEFAULT_RULES } from '../../data/presence';
import { NO_PUBLICATION } from '../../data/publications';
import { NO_SITE } from '../../data/sites';
import { NO_USER } from '../../data/users';
import { patchTo, standing, type Undo, undoOf } from './undo';

const DAY_MS = 24 * 60 * 60 * 1000;
const NOW = Date.parse('2026-11-28T08:00:00Z');

function entry(
  act: AuditEntry['act'],
  kind: AuditEntry['kind'],
  changes: unknown,
  days = 1,
): AuditEntry {
  const at = new Date(NOW - days * DAY_MS).toISOString();
  return { id: 'L', at, actor: { kind: 'system' }, act, kind, object: 'O', changes } as AuditEntry;
}

const asked = (one: AuditEntry, may: (action: Action) => boolean = () => true): Undo | null =>
  undoOf(one, { may, now: NOW });

describe('an act is undone', () => {
  it.each<[string, AuditEntry, Undo]>([
    [
      'a run that was applied, on its page',
      entry('synchronize', 'run', { state: ['running', 'succeeded'], counts: [null, {}] }),
      { how: 'run', run: 'O' },
    ],
    [
      'a contact that was deleted',
      entry('remove', 'contact', { mail: ['a@b.example', null] }),
      { how: 'restore', contact: 'O', name: 'a@b.example' },
    ],
    [
      'a contact without a name that was deleted',
      entry('remove', 'contact', {}),
      { how: 'restore', contact: 'O', name: null },
    ],
    [
      'a contact that was put into a group',
      entry('update', 'group', { members: [null, 'C'] }),
      { how: 'member', group: 'O', contact: 'C', becomesMember: false },
    ],
    [
      'a contact that was taken out of a group',
      entry('update', 'group', { members: ['C', null] }),
      { how: 'member', group: 'O', contact: 'C', becomesMember: true },
    ],
    [
      'a field that was pinned',
      entry('update', 'contact', { pinned: [null, 'office'] }),
      { how: 'unpin', contact: 'O', field: 'office', at: new Date(NOW - DAY_MS).toISOString() },
    ],
    [
      'a pin that was taken away, with its value',
      entry('update', 'contact', { pinned: ['office', null], office: ['1', '2'] }),
      {
        how: 'pin',
        contact: 'O',
        field: 'office',
        before: { office: '1' },
        after: { office: '2' },
      },
    ],
    [
      'a pin that was taken away without another value',
      entry('update', 'contact', { pinned: ['office', null] }),
      { how: 'pin', contact: 'O', field: 'office', before: {}, after: {} },
    ],
    [
      'fields of a contact',
      entry('update', 'contact', { office: [null, '2'], is_hybrid: [false, true] }, 400),
      {
        how: 'fields',
        kind: 'contact',
        id: 'O',
        before: { office: null, is_hybrid: false },
        after: { office: '2', is_hybrid: true },
      },
    ],
    [
      'a group that was moved',
      entry('update', 'group', { parent: ['A', 'B'] }),
      { how: 'fields', kind: 'group', id: 'O', before: { parent: 'A' }, after: { parent: 'B' } },
    ],
    [
      'a user that was linked to a contact',
      entry('update', 'user', { contact: [null, 'C'] }),
      { how: 'fields', kind: 'user', id: 'O', before: { contact: null }, after: { contact: 'C' } },
    ],
    [
      'a contact that was taken out of service',
      entry('update', 'contact', { is_disabled: [false, true] }),
      {
        how: 'fields',
        kind: 'contact',
        id: 'O',
        before: { is_disabled: false },
        after: { is_disabled: true },
      },
    ],
    [
      'a shorter time for which runs are kept',
      entry('update', 'source', { keep_days: [90, 30] }),
      {
        how: 'fields',
        kind: 'source',
        id: 'O',
        before: { keep_days: 90 },
        after: { keep_days: 30 },
      },
    ],
    [
      'a schedule of a source',
      entry('update', 'source', { schedule: ['30 1 * * *', null] }),
      {
        how: 'fields',
        kind: 'source',
        id: 'O',
        before: { schedule: '30 1 * * *' },
        after: { schedule: null },
      },
    ],
    [
      'what a template looks like',
      entry('update', 'template', { html: [null, '<p></p>'], texts: [{}, { de: { a: 'b' } }] }),
      {
        how: 'fields',
        kind: 'template',
        id: 'O',
        before: { html: null, texts: {} },
        after: { html: '<p></p>', texts: { de: { a: 'b' } } },
      },
    ],
    [
      'what a profile does',
      entry('update', 'presence_profile', { status: ['available', 'unavailable'] }),
      {
        how: 'fields',
        kind: 'presence_profile',
        id: 'O',
        before: { status: 'available' },
        after: { status: 'unavailable' },
      },
    ],
    [
      'rules of presence, and shorter times',
      entry('update', 'presence_rules', { manual_hours: [null, 8], silence_minutes: [120, 0] }),
      {
        how: 'fields',
        kind: 'presence_rules',
        id: 'O',
        before: { manual_hours: null, silence_minutes: 120 },
        after: { manual_hours: 8, silence_minutes: 0 },
      },
    ],
    [
      'what a publication shows',
      entry('update', 'publication', { entries: [[{ group: 'G' }, { contact: 'C' }], []] }),
      {
        how: 'entries',
        publication: 'O',
        before: { entries: [{ group: 'G' }, { contact: 'C' }] },
        after: { entries: [] },
      },
    ],
  ])('%s', (_, one, expected) => {
    expect(asked(one)).toEqual(expected);
  });

  it.each<[string, AuditEntry]>([
    ['a run that began', entry('synchronize', 'run', { state: [null, 'running'] })],
    ['a run that failed', entry('synchronize', 'run', { state: ['running', 'failed'] })],
    ['contacts that were asked for', entry('synchronize', 'source', { contacts: [null, 2] })],
    ['a contact deleted long ago', entry('remove', 'contact', {}, 30)],
    ['a contact that was made', entry('create', 'contact', { mail: [null, 'a@b.example'] })],
    ['a group that is gone for good', entry('remove', 'group', { name: ['A', null] })],
    ['a site that is gone for good', entry('remove', 'site', { name: ['A', null] })],
    ['a role that was taken', entry('remove', 'grant', { role: ['group', null] })],
    ['a key that was replaced', entry('rotate', 'tenant', { sdk_key: ['***', '***'] })],
    ['a password', entry('rotate', 'user', { password: ['***', '***'] })],
    ['a secret among settings', entry('update', 'tenant', { header_value: ['***', '***'] })],
    ['a secret in the place of a value', entry('update', 'site', { name: ['***', 'B'] })],
    ['a secret within a value', entry('update', 'source', { presence: [{ a: ['***'] }, {}] })],
    [
      'a setting together with a secret',
      entry('update', 'tenant', { company_name: ['A', 'B'], header_value: ['***', '***'] }),
    ],
    ['what purges', entry('update', 'tenant', { is_no_history: [true, false] })],
    ['a longer time, as runs are gone', entry('update', 'source', { keep_days: [30, 90] })],
    ['who may have left', entry('update', 'contact', { is_disabled: [true, false] })],
    [
      'who may have left, together with more',
      entry('update', 'contact', { is_disabled: [true, false], office: ['1', '2'] }),
    ],
    ['what takes other rights', entry('update', 'tenant', { client_licences: [5, 9] })],
    ['where a source is', entry('update', 'source', { connection: [{}, {}] })],
    ['where an alert goes', entry('update', 'alert', { channel: [{}, {}] })],
    ['a second factor', entry('update', 'user', { second_factor: [null, '***'] })],
    ['a link that signs in', entry('update', 'user', { sign_in_link: [null, 'soon'] })],
    ['whose account at a provider', entry('update', 'user', { identity: [null, {}] })],
    ['a provider', entry('update', 'identity_provider', { issuer: ['a', 'b'] })],
    ['who answers for a group', entry('update', 'group', { extension_list: [null, 'X'] })],
    ['what visitors left', entry('update', 'enquiry', { is_done: [false, true] })],
    ['presence', entry('update', 'presence', { manual: [null, {}] })],
    ['members in another form', entry('update', 'group', { members: [1, 2] })],
    [
      'members together with more',
      entry('update', 'group', { members: [null, 'C'], parent: ['A', 'B'] }),
    ],
    [
      'a pin together with a value',
      entry('update', 'contact', { pinned: [null, 'office'], office: ['1', '2'] }),
    ],
    ['a pin in another form', entry('update', 'contact', { pinned: [null, null] })],
    [
      'a default that took the place of another',
      entry('update', 'template', { is_default: [false, true] }),
    ],
    [
      'a default together with more',
      entry('update', 'template', { is_default: [true, false], html: [null, ''] }),
    ],
    ['what a template is fixed to', entry('update', 'template', { site: [null, 'S'] })],
    ['a template that is gone for good', entry('remove', 'template', { name: ['A', null] })],
    ['a profile that was made', entry('create', 'presence_profile', { name: [null, 'A'] })],
    ['which profile somebody chose', entry('update', 'profile_selection', { profile: ['a', 'b'] })],
    ['a longer time for own words', entry('update', 'presence_rules', { manual_hours: [8, 24] })],
    ['own words without an end', entry('update', 'presence_rules', { manual_hours: [8, null] })],
    ['a longer memory', entry('update', 'presence_rules', { silence_minutes: [10, 120] })],
    [
      'a longer memory, together with more',
      entry('update', 'presence_rules', { silence_minutes: [10, 120], grace_seconds: [1, 2] }),
    ],
    ['entries in another form', entry('update', 'publication', { entries: [null, []] })],
    [
      'entries together with more',
      entry('update', 'publication', { entries: [[], []], title: ['A', 'B'] }),
    ],
    ['the key of a publication', entry('rotate', 'publication', { key: ['***', '***'] })],
    ['nothing', entry('update', 'contact', {})],
    ['values of another form', entry('update', 'contact', { office: 'B 204' })],
    ['no values', entry('update', 'contact', null)],
    ['a look', entry('look', 'contact', {})],
    ['signing in', entry('sign_in', 'session', { user: [null, 'U'] })],
    ['a name that every object has', entry('update', 'constructor' as never, { name: ['A', 'B'] })],
  ])('not: %s', (_, one) => {
    expect(asked(one)).toBeNull();
  });

  it.each<[Action, AuditEntry]>([
    ['synchronize', entry('synchronize', 'run', { state: ['running', 'succeeded'] })],
    ['manage_contacts', entry('remove', 'contact', {})],
    ['manage_contacts', entry('update', 'contact', { office: ['1', '2'] })],
    ['manage_contacts', entry('update', 'contact', { pinned: [null, 'office'] })],
    ['manage_groups', entry('update', 'group', { members: [null, 'C'] })],
    ['manage_groups', entry('update', 'group', { parent: [null, 'B'] })],
    ['change_site', entry('update', 'site', { name: ['A', 'B'] })],
    ['manage_publications', entry('update', 'publication', { entries: [[], [{ contact: 'C' }]] })],
    ['manage_publications', entry('update', 'template', { name: ['A', 'B'] })],
    ['change_tenant_settings', entry('update', 'presence_profile', { name: ['A', 'B'] })],
    [
      'change_tenant_settings',
      entry('update', 'presence_rules', { calls: ['as_said', 'ignored'] }),
    ],
    ['manage_users', entry('update', 'user', { mail: [null, 'a@b.example'] })],
    ['change_tenant_settings', entry('update', 'tenant', { is_vcard_enabled: [false, true] })],
  ])('by nobody without %s', (right, one) => {
    expect(asked(one, (action) => action === right)).not.toBeNull();
    expect(asked(one, (action) => action !== right)).toBeNull();
  });

  it('by every rule of presence', () => {
    for (const field of Object.keys(DEFAULT_RULES)) {
      const one = entry('update', 'presence_rules', { [field]: [3, 2] });
      expect([field, asked(one)?.how]).toEqual([field, 'fields']);
    }
  });

  it('by every field that the page of its kind has', () => {
    const kinds = [
      ['contact', NO_FIELDS],
      ['site', NO_SITE],
      ['domain', NO_DOMAIN],
      ['publication', NO_PUBLICATION],
      ['user', NO_USER],
    ] as const;
    for (const [kind, fields] of kinds) {
      for (const field of Object.keys(fields)) {
        expect([kind, field, asked(entry('update', kind, { [field]: ['A', 'B'] }))?.how]).toEqual([
          kind,
          field,
          'fields',
        ]);
      }
    }
  });
});

describe('what an act changed', () => {
  const change = { before: { office: '1', tags: ['a'] }, after: { office: null, tags: ['b'] } };

  it.each<[Record<string, unknown>, ReturnType<typeof standing>]>([
    [{ office: null, tags: ['b'], title: 'x' }, 'as_left'],
    [{ tags: ['b'] }, 'as_left'],
    [{ office: '1', tags: ['a'] }, 'undone'],
    [{ office: '3', tags: ['b'] }, 'changed'],
    [{ office: '1', tags: ['b'] }, 'changed'],
    [{ office: null, tags: ['b', 'a'] }, 'changed'],
  ])('%j is %s', (now, expected) => {
    expect(standing(now, change)).toBe(expected);
  });
});

describe('a patch', () => {
  /** What a gateway makes of a merge patch (RFC 7386). */
  function merged(target: unknown, patch: unknown): unknown {
    if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
    const isObject = typeof target === 'object' && target !== null && !Array.isArray(target);
    const result: Record<string, unknown> = isObject ? { ...target } : {};
    for (const [name, value] of Object.entries(patch)) {
      if (value === null) delete result[name];
      else result[name] = merged(result[name], value);
    }
    return result;
  }

  it.each<[unknown, unknown]>([
    ['a', 'b'],
    [['a'], []],
    [{ a: 1, b: 2 }, { a: 1 }],
    [{ a: { b: 1, c: 2 } }, { a: { c: 3 } }],
    [{ a: 1 }, {}],
    [{}, { a: { b: [1] } }],
    [null, { a: 1 }],
    [{ a: ['x'] }, { a: { b: 1 } }],
  ])('makes of %j what was: %j', (now, wanted) => {
    expect(merged(now, patchTo(now, wanted))).toEqual(wanted);
  });

  it('takes away what there was nothing of', () => {
    expect(patchTo('a', null)).toBeNull();
    expect(patchTo('a', undefined)).toBeNull();
  });
});
