import { describe, expect, it } from 'vitest';
import type { Run, RunEntry } from '../../data/runs';
import { wordsOf } from '../../i18n/context';
import { en } from '../../i18n/en';
import { outcomeText } from './outcome';

const { t } = wordsOf('en', en);
const COUNTS = { read: 0, created: 0, linked: 0, updated: 0, disabled: 0, enabled: 0 };
const OF_GROUPS = {
  groups_created: 0,
  groups_renamed: 0,
  groups_removed: 0,
  memberships_added: 0,
  memberships_removed: 0,
};

const run = (fields: Partial<Run>): Run => ({
  id: 'R',
  source: 'S',
  contacts: ['C'],
  trigger: 'manual',
  extent: 'whole',
  whole_because: null,
  state: 'succeeded',
  counts: { ...COUNTS, ...OF_GROUPS, unchanged: 0, set_aside: 0, not_found: 0, photos: 0 },
  problem: null,
  message: null,
  started_at: '2026-11-22T08:00:00Z',
  ended_at: '2026-11-22T08:00:01Z',
  is_undoable: true,
  ...fields,
});

const line = (fields: Partial<RunEntry>): RunEntry => ({
  number: 1,
  action: 'update',
  locator: 'cn=anna',
  contact: 'C',
  changes: [],
  reason: null,
  ...fields,
});

describe('what came of synchronizing one contact', () => {
  const changes = [
    { field: 'company', old: null, new: 'Acme' },
    { field: 'job_title', old: 'Clerk', new: 'Head' },
  ] satisfies RunEntry['changes'];
  const reason = {
    field: 'mail',
    value: 'anna@x',
    message: 'is held',
    rule: { code: 'held', by: 'Ben' },
  } satisfies RunEntry['reason'];

  it.each<[string, Partial<Run>, RunEntry[]]>([
    ['Looking for the contact in the directory…', { state: 'running', ended_at: null }, []],
    ['It was cancelled.', { state: 'cancelled' }, []],
    ['The gateway stopped', { state: 'failed', problem: { code: 'interrupted' } }, []],
    ['Nothing has changed.', {}, []],
    ['Changed by the directory: Company, Job title.', {}, [line({ changes })]],
    ['Changed by the directory: Company, Job title.', {}, [line({ action: 'link', changes })]],
    ['Found in the directory. No field has changed.', {}, [line({ action: 'link' })]],
    ['Not found in the directory.', {}, [line({ action: 'not_found' })]],
    ['out of service', {}, [line({ action: 'disable', changes })]],
    ['back into service', {}, [line({ action: 'enable', changes })]],
    ['Changed by the directory: Photo.', {}, [line({ action: 'set_photo' })]],
    ['could not be used. mail: “anna@x”.', {}, [line({ action: 'set_aside', reason })]],
  ])('is said: %s', (said, fields, entries) => {
    expect(outcomeText(t, run(fields), entries)).toContain(said);
  });
});
