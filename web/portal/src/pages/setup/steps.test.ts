import { describe, expect, it } from 'vitest';
import { type Facts, nextStep, stepAfter, stepOfSearch, stepOnFrom, stepsOf } from './steps';

const FILE = { id: 'd', connection: { kind: 'file', path: 'a.csv', format: 'csv' } } as const;
const SIP = { id: 's', connection: { kind: 'sip', host: 'h', address: 'sip:a@b' } } as const;
const SUCCEEDED = { source: 'd', state: 'succeeded', contacts: null, undoes: null } as const;
const PAGE = { domains: ['w'], is_enabled: true };
const WHOLE: Facts = {
  domains: 1,
  sources: [FILE],
  runs: [SUCCEEDED],
  publications: [PAGE],
  entries: 1,
};

const open = (facts: Facts, isAbove = false): string[] =>
  stepsOf(facts, isAbove)
    .filter(({ isDone }) => !isDone)
    .map(({ id }) => id);

describe('setting a tenant up', () => {
  it('has everything before it when the tenant is empty', () => {
    const all = ['domain', 'source', 'run', 'publication', 'widget'];
    expect(open({})).toEqual(all);
    expect(open({}, true)).toEqual(['administrator', ...all]);
    expect(open({ administrators: 1 }, true)).toEqual(all);
  });

  it.each<[string, Facts, string[]]>([
    ['all is there', {}, []],
    ['no run succeeded', { runs: [{ ...SUCCEEDED, state: 'failed' }] }, ['run']],
    ['a plan waits', { runs: [{ ...SUCCEEDED, state: 'awaiting_approval' }] }, ['run']],
    ['a run was about some contacts', { runs: [{ ...SUCCEEDED, contacts: ['c'] }] }, ['run']],
    ['a run took another one back', { runs: [{ ...SUCCEEDED, undoes: 'r' }] }, ['run']],
    ['nobody is read from a source', { sources: [SIP], runs: [] }, []],
    ['a publication shows nothing', { entries: 0 }, ['publication', 'widget']],
    ['no page may have it', { publications: [{ ...PAGE, domains: [] }] }, ['widget']],
    ['it is switched off', { publications: [{ ...PAGE, is_enabled: false }] }, ['widget']],
  ])('when %s leaves %s', (_, facts, left) => {
    expect(open({ ...WHOLE, ...facts })).toEqual(left);
  });

  it('goes on with what is not done, and leaves out what is skipped', () => {
    const steps = stepsOf({ sources: [FILE] }, false);

    expect(nextStep(steps)).toBe('domain');
    expect(stepAfter(steps, 'domain')).toBe('run');
    expect(stepAfter(steps, 'widget')).toBe(null);
    expect(stepOnFrom(steps, 'domain')).toBe('run');
    const whole = stepsOf(WHOLE, false);
    expect(nextStep(whole)).toBe(null);
    expect(stepOnFrom(whole, 'publication')).toBe('widget');
    expect(stepOnFrom(whole, 'widget')).toBe(null);
  });

  it('knows a step from an address, and nothing else', () => {
    expect(stepOfSearch({ step: 'run' })).toEqual({ step: 'run' });
    expect(stepOfSearch({ step: 'elsewhere' })).toEqual({});
  });
});
