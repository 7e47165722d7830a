import { expect, it } from 'vitest';
import { noTemplate, type Template } from '../../data/templates';
import { check, draftOf, fieldsOf, textsOf, variablesOf } from './draft';

const KEPT: Template = {
  ...noTemplate('contact'),
  id: 'A',
  name: 'Ours',
  html: '<slot name="name"></slot>',
  variables: { '--switchboard-gap': '1rem', '--switchboard-accent': '#0d5a63' },
  // The document says no more of it than that it is an object.
  texts: { de: { hello: 'Guten Tag' } } as never,
  is_built_in: false,
  revision: 1,
  created_at: null,
  updated_at: null,
};

it('writes a template so that reading it gives the same', () => {
  const draft = draftOf(KEPT);

  expect(draft.variables).toBe('--switchboard-gap: 1rem;\n--switchboard-accent: #0d5a63;');
  const blank = { ...KEPT, ...noTemplate('contact') };
  expect(fieldsOf(draft, blank)).toEqual({
    ...noTemplate('contact'),
    name: 'Ours',
    html: KEPT.html,
    variables: KEPT.variables,
    texts: KEPT.texts,
  });
  expect(draftOf({ ...KEPT, variables: {}, texts: {} })).toMatchObject({
    variables: null,
    texts: null,
  });
});

it('reads variables line by line, and names the first line that is none', () => {
  const text = '\n--switchboard-gap:1rem\n  --switchboard-ink : #000 ;\nred\nblue';

  expect(variablesOf(text)).toEqual({
    variables: { '--switchboard-gap': '1rem', '--switchboard-ink': '#000' },
    wrong: 4,
  });
  expect(variablesOf(null)).toEqual({ variables: {}, wrong: null });
});

it('reads texts as JSON, and names the line where they are none', () => {
  expect(textsOf('{"de": {"a": "b"}}')).toEqual({ texts: { de: { a: 'b' } }, wrong: null });
  expect(textsOf(' ')).toEqual({ texts: {}, wrong: null });
  expect(textsOf('{\n"de": {\n"a" "b"}}').wrong).toEqual({ line: 3, isShape: false });
  expect(textsOf('{\n"de": {').wrong).toEqual({ line: 2, isShape: false });
  for (const shape of ['[]', '"x"', 'null', '{"de": "x"}', '{"de": {"a": 7}}', '{"de": []}']) {
    expect(textsOf(shape).wrong, shape).toMatchObject({ isShape: true });
  }
});

it('says what is wrong before anything is sent', () => {
  const draft = { ...draftOf(KEPT), variables: 'x', texts: '{' };
  const told = (line: number, key: string): string => `${key} ${line}`;

  expect(check(draft, told).map(({ field, rule }) => [field, rule])).toEqual([
    ['variables', { code: 'text', text: 'line 1' }],
    ['texts', { code: 'text', text: 'json 1' }],
  ]);
  expect(check(draftOf(KEPT), told)).toEqual([]);
});
