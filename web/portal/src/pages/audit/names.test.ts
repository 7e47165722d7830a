import { describe, expect, it } from 'vitest';
import { wordsOf } from '../../i18n/context';
import { de } from '../../i18n/de';
import { en } from '../../i18n/en';
import { KEPT } from './kept';
import { NAMES, nameOf } from './names';

const english = wordsOf('en', en).t;
const german = wordsOf('de', de).t;

describe('a field is called', () => {
  it.each<[Parameters<typeof nameOf>[1], string, string, string]>([
    ['contact', 'display_name', 'Display name', 'Anzeigename'],
    ['publication', 'enquiries.days', 'Kept for (days)', 'Aufbewahrt (Tage)'],
    [
      'publication',
      'enquiries.new',
      'What visitors leave › new',
      'Was Besucher hinterlassen › new',
    ],
    [
      'template',
      'texts.de.greeting',
      'Texts (JSON) › de › greeting',
      'Texte (JSON) › de › greeting',
    ],
  ])('%s, %s: %s, %s', (kind, field, inEnglish, inGerman) => {
    expect(nameOf(english, kind, field)).toBe(inEnglish);
    expect(nameOf(german, kind, field)).toBe(inGerman);
  });

  it.each<[Parameters<typeof nameOf>[1], string]>([
    ['contact', 'pinned'],
    ['session', 'user'],
    ['contact', 'constructor'],
    ['constructor' as never, 'name'],
  ])('by its name where there are no words: %s, %s', (kind, field) => {
    expect(nameOf(english, kind, field)).toBe(field);
  });
});

/** What pages set by other things than one field of that name. */
const WITHOUT = [
  'presence_profile.absence',
  'presence_profile.activity',
  'presence_profile.labels',
];

it('everything that can be put back has words', () => {
  const without = Object.entries(KEPT).flatMap(([kind, { fields }]) =>
    [...fields]
      .filter((field) => !Object.hasOwn(NAMES[kind as keyof typeof KEPT], field))
      .map((field) => `${kind}.${field}`),
  );
  expect(without).toEqual(WITHOUT);
});
