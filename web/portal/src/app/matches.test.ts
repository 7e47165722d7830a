import { expect, it } from 'vitest';
import { matches } from './matches';

it.each([
  ['Präsenzregeln', 'PRASENZ', true],
  ['Straße nach Graz', 'graz strasse', true],
  ['Contacts', '', true],
  ['Contacts', 'cont x', false],
])('%s holds %s: %s', (text, words, is) => {
  expect(matches(text, words)).toBe(is);
});
