import { describe, expect, it } from 'vitest';
import {
  type Facts,
  furthest,
  keptOr,
  nextStep,
  type Part,
  stepAfter,
  stepOfSearch,
  stepOnFrom,
  stepsOf,
  toLookInto,
} from './steps';

const FILE = { id: 'd', connection: { kind: 'file', path: 'a.csv', format: 'csv' } } as const;
const SIP = { id: 's', connection: { kind: 'sip', host: 'h', address: 'sip:a@b' } } as const;
const SUCCEEDED = { source: 'd', state: 'succeeded', contacts: null, undoes: null } as const;
const PAGE = { domains: ['w'], is_enabled: true, entries: 1 };
const EMPTY = { ...PAGE, entries: 0 };
const OFF = { ...PAGE, is_enabled: false };
const WHOLE: Facts = {
  domains: 1,
  sources: [FILE],
  runs: [SUCCEEDED],
  publications: [PAGE],
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
    ['a publication shows nothing', { publications: [EMPTY] }, ['publication', 'widget']],
    ['only a later one is on a page', { publications: [EMPTY, PAGE] }, []],
    ['those shown are on no page', { publications: [EMPTY, OFF] }, ['widget']],
    ['no page may have it', { publications: [{ ...PAGE, domains: [] }] }, ['widget']],
    ['it is switched off', { publications: [OFF] }, ['widget']],
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

  it.each([
    ['the first', [EMPTY, EMPTY], 0],
    ['the first that shows somebody', [EMPTY, OFF, OFF], 1],
    ['the first that is on a page', [EMPTY, OFF, PAGE, PAGE], 2],
  ])('goes on with %s publication', (_, publications, at) => {
    expect(furthest(publications)).toBe(publications[at]);
  });

  it('stays with the publication that somebody works with, as long as it is there', () => {
    const [kept, further] = [
      { ...EMPTY, id: 'a' },
      { ...PAGE, id: 'b' },
    ];

    expect(keptOr([kept, further], undefined)).toBe(further);
    expect(keptOr([kept, further], 'a')).toBe(kept);
    expect(keptOr([further], 'a')).toBe(further);
    expect(keptOr([], 'a')).toBe(undefined);
  });

  it('looks into a few publications, those that a page may have first', () => {
    const off = Array.from({ length: 5 }, (_, at) => ({ ...OFF, id: `off ${at}` }));
    const ready = { ...EMPTY, entries: undefined, id: 'ready' };

    const some = toLookInto([...off, ready]);

    expect(some.map(({ id }) => id)).toEqual(['ready', 'off 0', 'off 1', 'off 2', 'off 3']);
  });

  it.each<[Part, string[]]>([
    ['runs', ['run']],
    ['sources', ['source', 'run']],
    ['publications', ['publication', 'widget']],
  ])('says of what %s would tell that it could not be read', (part, unread) => {
    const steps = stepsOf({ ...WHOLE, unread: [part] }, false);

    expect(steps.filter(({ isUnread }) => isUnread).map(({ id }) => id)).toEqual(unread);
    expect(nextStep(steps)).toBe(null);
  });

  it('knows a step from an address, and nothing else', () => {
    expect(stepOfSearch({ step: 'run' })).toEqual({ step: 'run' });
    expect(stepOfSearch({ step: 'elsewhere' })).toEqual({});
  });
});
