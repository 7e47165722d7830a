import { describe, expect, it } from 'vitest';
import type { JobHealth } from '../../data/system';
import { sizeText, stateOf } from './words';

const JOB: JobHealth = {
  job: 'purge_runs',
  every_seconds: 60,
  is_going_on: false,
  began_at: null,
  ended_at: null,
  outcome: null,
  succeeded_at: null,
  next_at: '2026-11-20T08:00:00Z',
};

describe('a job', () => {
  it.each([
    [{}, '2026-11-20T08:00:00Z', 'waiting'],
    [{}, '2026-11-20T08:03:00Z', 'waiting'],
    [{}, '2026-11-20T08:03:01Z', 'late'],
    [{ outcome: 'failed' }, '2026-11-20T08:00:00Z', 'failed'],
    [{ outcome: 'succeeded' }, '2026-11-20T08:00:00Z', 'succeeded'],
    [{ outcome: 'succeeded', is_going_on: true }, '2026-11-20T08:00:00Z', 'succeeded'],
    [{ is_going_on: true }, '2026-11-20T08:00:00Z', 'going_on'],
  ] as const)('that is %o at %s is %s', (fields, now, state) => {
    expect(stateOf({ ...JOB, ...fields }, now)).toBe(state);
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
