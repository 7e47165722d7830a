import { Problem } from '@switchboard/client';
import { describe, expect, it } from 'vitest';
import { wordsOf } from '../../i18n/context';
import { en } from '../../i18n/en';
import { ruleText } from '../reasons';
import { checkFields, refusalsOf } from './rules';
import type { FormSpec } from './spec';

interface Site {
  name: string;
  city: string | null;
  places: number | null;
}

const SPEC: FormSpec<Site> = {
  sections: [
    {
      fields: [
        {
          kind: 'text',
          name: 'name',
          label: 'contacts.name',
          max: 5,
          isRequired: true,
          isPlain: true,
        },
        {
          kind: 'text',
          name: 'city',
          label: 'contact.work_city',
          max: 3,
          isShown: ({ name }) => name !== 'x',
        },
        { kind: 'number', name: 'places', label: 'contacts.kind', min: 1, max: 9 },
      ],
    },
  ],
};

function problem(document: object, status: number): Problem {
  return new Problem(document, new Response(null, { status }));
}

describe('rules', () => {
  it('follow from the fields that are shown', () => {
    const codes = (site: Site) =>
      checkFields(SPEC, site).map(({ field, rule }) => [field, rule.code]);

    expect(codes({ name: 'Bonn', city: null, places: 1 })).toEqual([]);
    expect(codes({ name: ' ', city: 'Bonn', places: 0 })).toEqual([
      ['name', 'required'],
      ['city', 'too_long'],
      ['places', 'out_of_range'],
    ]);
    expect(codes({ name: 'x', city: 'Bonn', places: 9 })).toEqual([]);
    expect(codes({ name: 'a\u0007b', city: null, places: 9 })).toEqual([['name', 'format']]);
    // Characters, not the two halves of one.
    expect(codes({ name: '🙂🙂🙂🙂🙂', city: null, places: 9 })).toEqual([]);
  });

  it('of the gateway find their fields', () => {
    const type = '/problems/already_exists';
    const taken = 'Contact with the same SIP: Anna already exists.';
    const range = { field: 'weekly[2].from', value: '', rule: { code: 'cycle' }, message: '' };

    expect(refusalsOf(problem({ type, detail: taken }, 409))).toEqual([
      { field: 'sip', rule: { code: 'text', text: taken } },
    ]);
    expect(refusalsOf(problem({ type, detail: 'The name `Bonn` is already taken.' }, 409))).toEqual(
      [{ field: 'name', rule: { code: 'text', text: 'The name `Bonn` is already taken.' } }],
    );
    expect(refusalsOf(problem({ fields: [range] } as object, 422))).toEqual([
      { field: 'weekly', rule: { code: 'cycle' } },
    ]);
    expect(refusalsOf(problem({ detail: taken }, 500))).toEqual([]);
  });

  it('are worded in the language of the page, as far as it knows them', () => {
    const { t } = wordsOf('en', en);

    expect(ruleText(t, { code: 'too_long', max: 1000, unit: 'characters' })).toContain('1,000');
    expect(ruleText(t, { code: 'too_long', max: 7, unit: 'elements' })).toBe('At most 7.');
    expect(ruleText(t, { code: 'format', expected: 'a new kind of thing' })).toBe(
      'Must be a new kind of thing.',
    );
    expect(
      ruleText(t, { code: 'format', expected: 'a mail address such as anna@example.com' }),
    ).toBe('A mail address such as anna@example.com.');
  });
});
