import { describe, expect, it } from 'vitest';
import { nextRun, parseCron } from './cron';

function next(text: string, zone: string, now: string): string | null {
  const cron = parseCron(text);
  if (!cron) throw new Error(`${text} is not a schedule`);
  const at = nextRun(cron, zone, Date.parse(now));
  return at === null ? null : new Date(at).toISOString();
}

describe('a schedule', () => {
  it('is refused when it is not five fields within their ranges', () => {
    for (const text of ['', '30 1 * *', '60 1 * * *', '0 24 * * *', '0 1 0 * *', '0 1 * 13 *']) {
      expect(parseCron(text), text).toBeNull();
    }
    for (const text of ['a b c d e', '5-1 * * * *', '*/0 * * * *', '*-5 * * * *']) {
      expect(parseCron(text), text).toBeNull();
    }
  });

  it('knows lists, ranges, steps and names', () => {
    expect(parseCron('*/20 8-10 1,15 jan MON-fri')).toMatchObject({
      minutes: [0, 20, 40],
      hours: [8, 9, 10],
      days: [1, 15],
      months: [1],
      weekDays: [1, 2, 3, 4, 5],
    });
    expect(parseCron('0 0 * * 7')?.weekDays).toEqual([0]);
    expect(parseCron('50/5 * * * *')?.minutes).toEqual([50, 55]);
  });

  it('runs next at local time', () => {
    expect(next('30 1 * * *', 'Europe/Berlin', '2026-11-22T00:00:00Z')).toBe(
      '2026-11-22T00:30:00.000Z',
    );
    expect(next('30 1 * * *', 'Europe/Berlin', '2026-11-22T00:30:00Z')).toBe(
      '2026-11-23T00:30:00.000Z',
    );
    expect(next('0 9 * * mon', 'America/New_York', '2026-11-24T00:00:00Z')).toBe(
      '2026-11-30T14:00:00.000Z',
    );
  });

  it('runs at two where half past one is skipped, and once where it comes twice', () => {
    expect(next('30 1 * * *', 'Europe/London', '2026-03-28T12:00:00Z')).toBe(
      '2026-03-29T01:00:00.000Z',
    );
    expect(next('30 1 * * *', 'Europe/London', '2026-10-24T12:00:00Z')).toBe(
      '2026-10-25T00:30:00.000Z',
    );
    expect(next('30 1 * * *', 'Europe/London', '2026-10-25T00:30:00Z')).toBe(
      '2026-10-26T01:30:00.000Z',
    );
  });

  it('takes either kind of day when both are given, and has none where there is none', () => {
    expect(next('0 0 1 * mon', 'UTC', '2026-11-22T12:00:00Z')).toBe('2026-11-23T00:00:00.000Z');
    expect(next('0 0 31 2 *', 'UTC', '2026-11-22T12:00:00Z')).toBeNull();
    expect(next('0 0 29 2 *', 'UTC', '2026-11-22T12:00:00Z')).toBe('2028-02-29T00:00:00.000Z');
  });
});
