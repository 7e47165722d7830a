import { expect, it } from 'vitest';
import { wordsOf } from '../../i18n/context';
import { de } from '../../i18n/de';
import { en } from '../../i18n/en';
import { consequencesOf } from './consequences';

const USES = { home: ['Berlin'], sites: ['Bonn'], groups: ['Sales'], publications: ['Website'] };

it('names the home site, the other sites, the groups and the publications that a contact leaves', () => {
  expect(consequencesOf(wordsOf('en', en).t, USES)).toEqual([
    'It leaves its home site “Berlin”.',
    'It leaves the site “Bonn”.',
    'It leaves the group “Sales”.',
    'It disappears from the publication “Website”.',
  ]);
  expect(consequencesOf(wordsOf('de', de).t, USES)[0]).toContain('Heimatstandort „Berlin“');
});
