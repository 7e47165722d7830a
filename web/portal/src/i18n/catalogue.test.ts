import { describe, expect, it } from 'vitest';
import { de } from './de';
import { en } from './en';
import { format, parametersOf } from './message';

const CATALOGUES = { en, de } as const;

describe('catalogues', () => {
  it('have the same messages with the same parameters', () => {
    expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort());
    for (const [key, text] of Object.entries(en)) {
      expect([key, parametersOf(de[key as keyof typeof en])]).toEqual([key, parametersOf(text)]);
    }
  });

  it('leave no brace behind, whatever the number', () => {
    for (const [locale, catalogue] of Object.entries(CATALOGUES)) {
      for (const [key, text] of Object.entries(catalogue)) {
        const names = parametersOf(text);
        for (const value of [0, 1, 2, 5]) {
          const values = Object.fromEntries(names.map((name) => [name, value]));
          const said = format(text, values, { locale, now: () => 0 });
          expect([key, said]).toEqual([key, expect.stringMatching(/^[^{}]*[^{}\s]$/)]);
        }
      }
    }
  });

  it('use the quotation marks and dots of their language', () => {
    for (const text of Object.values(de)) expect(text).not.toMatch(/["”]|\.\.\.|\w…/);
    for (const text of Object.values(en)) expect(text).not.toMatch(/["„]|\.\.\./);
  });
});
