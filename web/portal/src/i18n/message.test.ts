import { describe, expect, it } from 'vitest';
import { format } from './message';

const english = { locale: 'en-GB', now: () => Date.parse('2026-11-22T12:00:00Z') };
const german = { ...english, locale: 'de' };

describe('messages', () => {
  it('put values in, and nothing for what is absent', () => {
    expect(format('{name} was saved.', { name: 'Anna {x}' }, english)).toBe('Anna {x} was saved.');
    expect(format('[{name}]', { name: null }, english)).toBe('[]');
  });

  it('are not turned round by a value', () => {
    const said = (name: string) => format('{name} was saved.', { name }, english);

    expect(said('\u202eexe.txt')).toBe('\u2068\u202eexe.txt\u2069 was saved.');
    expect(said('\u2069\u202eexe')).toBe('\u2068\u202eexe\u2069 was saved.');
    expect(said('אבג')).toBe('אבג was saved.');
  });

  it('count in the way of the language', () => {
    const text = '{count, plural, =0 {none} one {# entry} other {# entries}}';

    expect([0, 1, 2, 12_345].map((count) => format(text, { count }, english))).toEqual([
      'none',
      '1 entry',
      '2 entries',
      '12,345 entries',
    ]);
    expect(format('{count, number}', { count: 12_345 }, german)).toBe('12.345');
  });

  it('say when something was', () => {
    const ago = (at: string) => format('{at, ago}', { at }, english);

    expect(ago('2026-11-22T11:59:30Z')).toBe('30 seconds ago');
    expect(ago('2026-11-22T11:00:00Z')).toBe('1 hour ago');
    expect(ago('2026-11-21T12:00:00Z')).toBe('yesterday');
    expect(format('{at, date}', { at: '2026-11-21T12:00:00Z' }, german)).toBe('21.11.2026');
    expect(ago('not a date')).toBe('not a date');
  });
});
