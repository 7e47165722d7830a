import { describe, expect, it } from 'vitest';
import type { JobHealth } from '../../data/system';
import type { Translate } from '../../i18n/catalogue';
import { de } from '../../i18n/de';
import { en } from '../../i18n/en';
import { format } from '../../i18n/message';
import { sizeText, stateOf, upkeepText } from './words';

const CATALOGUES = { en, de };

function translate(locale: 'en' | 'de'): Translate {
  return (key, ...[values]) =>
    format(CATALOGUES[locale][key], values ?? {}, { locale, now: Date.now });
}

const JOB: JobHealth = {
  job: 'purge_runs',
  every_seconds: 60,
  is_going_on: false,
  began_at: null,
  ended_at: null,
  outcome: null,
  succeeded_at: null,
  next_at: '2026-11-20T08:00:00Z',
  is_overdue: false,
};

describe('a job', () => {
  it.each([
    [{}, 'waiting'],
    [{ is_overdue: true, outcome: 'failed' }, 'late'],
    [{ outcome: 'failed' }, 'failed'],
    [{ outcome: 'succeeded' }, 'succeeded'],
    [{ outcome: 'succeeded', is_going_on: true }, 'succeeded'],
    [{ is_going_on: true }, 'going_on'],
  ] as const)('that is %o is %s', (fields, state) => {
    expect(stateOf({ ...JOB, ...fields })).toBe(state);
  });
});

describe('a size', () => {
  it.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1000, '1 kB'],
    [12_345_678, '12.3 MB'],
    [5e15, '5,000 TB'],
  ])('of %d bytes is %s', (bytes, text) => {
    expect(sizeText(bytes, 'en')).toBe(text);
  });
});

describe('what is asked about presence', () => {
  it.each([
    ['en', 0, 0, 'No source is asked about presence.'],
    ['en', 1, 0, '1 source is asked and answers.'],
    ['en', 1, 1, '1 source is asked, with a problem.'],
    ['en', 2, 0, '2 sources are asked, and all of them answer.'],
    ['en', 1200, 1, '1,200 sources are asked, 1 of them with a problem.'],
    ['de', 1, 0, '1 Quelle wird gefragt und antwortet.'],
    ['de', 2, 2, '2 Quellen werden gefragt, alle mit einem Problem.'],
  ] as const)('in %s, %d with %d in trouble', (locale, asked, with_problem, text) => {
    const t = translate(locale);
    expect(upkeepText(t, { asked, with_problem })).toBe(text);
  });
});

describe('sources that wait for approval', () => {
  it.each([
    [1, '1 wartet auf Freigabe'],
    [2, '2 warten auf Freigabe'],
  ])('in German, %d', (count, text) => {
    expect(translate('de')('system.sources.awaiting_approval', { count })).toBe(text);
  });
});
