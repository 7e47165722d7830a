import { describe, expect, it } from 'vitest';
import { isToday, momentOfEnd } from './until';

const NOW = new Date(2026, 10, 28, 17, 30).getTime();
const iso = (hours: number, minutes: number, day = 28): string =>
  new Date(2026, 10, day, hours, minutes).toISOString();

describe('until', () => {
  it.each([
    ['open', null, null],
    ['30', null, iso(18, 0)],
    ['60', null, iso(18, 30)],
    ['120', null, iso(19, 30)],
    ['day', null, iso(0, 0, 29)],
    ['other', iso(17, 31), iso(17, 31)],
    ['other', iso(17, 30), 'past'],
    ['other', null, 'past'],
  ] as const)('%s %s is %s', (end, at, expected) => {
    expect(momentOfEnd({ end, at }, NOW)).toBe(expected);
  });

  it('knows what is today', () => {
    expect(isToday(iso(0, 0), NOW)).toBe(true);
    expect(isToday(iso(23, 59), NOW)).toBe(true);
    expect(isToday(iso(0, 0, 29), NOW)).toBe(false);
  });
});
