import { describe, expect, it } from 'vitest';
import { fill } from '../src/fill';
import { languageOf, Times } from '../src/language';
import { WORDS as GERMAN } from '../src/locales/de';
import { WORDS as ENGLISH } from '../src/locales/en';

type Tree = { [key: string]: string | Tree };

function leaves(tree: Tree, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`${path}${key}`, value]] : leaves(value, `${path}${key}.`),
  );
}

const holes = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
const en = new Map(leaves(ENGLISH as unknown as Tree));
const de = new Map(leaves(GERMAN as unknown as Tree));

describe('the texts', () => {
  it('are complete in both languages, with the same things to fill in', () => {
    expect([...de.keys()].sort()).toEqual([...en.keys()].sort());
    for (const [key, text] of en) {
      expect(text.trim()).not.toBe('');
      expect(de.get(key)?.trim()).toBeTruthy();
      expect(holes(de.get(key) ?? '')).toEqual(holes(text));
    }
  });

  it('are filled in without looking into the values', () => {
    expect(fill('{a} {b} {c}', { a: '{b}', b: '$&' })).toBe('{b} $& {c}');
  });
});

describe('the language', () => {
  it.each([
    [['de-AT', 'en'], 'de'],
    [[null, 'DE', 'en'], 'de'],
    [['fr', 'de'], 'de'],
    [['fr'], 'en'],
    [['en-US', 'de'], 'en'],
    [[null, undefined, ''], 'en'],
  ] as const)('of %j is %s', (wanted, language) => {
    expect(languageOf(wanted)).toBe(language);
  });
});

describe('times', () => {
  const now = new Date(2030, 0, 7, 10, 0);
  const at = (day: number, hour: number): string => new Date(2030, 0, day, hour, 30).toISOString();

  it('are said as a visitor says them', () => {
    const british = new Times('en', ENGLISH.texts, ['de', 'en-GB']);
    const german = new Times('de', GERMAN.texts, ['en-GB']);

    expect(british.coming(at(7, 14), now)).toBe('at 14:30');
    expect(british.coming(at(8, 8), now)).toBe('tomorrow at 08:30');
    expect(british.coming(at(11, 8), now)).toBe('on Friday at 08:30');
    expect(british.coming(at(21, 8), now)).toBe('on 21 January at 08:30');
    expect(new Times('en', ENGLISH.texts, ['en-US']).coming(at(7, 14), now)).toMatch(
      /^at 02:30\sPM$/,
    );
    expect(german.coming(at(7, 14), now)).toBe('um 14:30 Uhr');
    expect(german.coming(at(8, 8), now)).toBe('morgen um 08:30 Uhr');
    expect(german.coming(at(11, 8), now)).toBe('am Freitag um 08:30 Uhr');
    expect(german.coming(at(21, 8), now)).toBe('am 21. Januar um 08:30 Uhr');
  });

  it('that are past or broken are not said', () => {
    const times = new Times('en', ENGLISH.texts, []);

    expect([at(7, 9), '', 'soon'].map((iso) => times.coming(iso, now))).toEqual(['', '', '']);
    expect([at(7, 9), at(8, 9), ''].some((iso) => times.isToday(iso, now))).toBe(false);
    expect(times.isToday(at(7, 18), now)).toBe(true);
  });
});
