import { en as portal } from '@switchboard/portal/i18n/en';
import { format, parametersOf } from '@switchboard/portal/i18n/message';
import { describe, expect, it } from 'vitest';
import { own as de } from './own.de';
import { own as en } from './own.en';

describe('the words of the operator', () => {
  it('are the same in both languages, with the same parameters', () => {
    expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort());
    for (const [key, text] of Object.entries(en)) {
      expect([key, parametersOf(de[key as keyof typeof en])]).toEqual([key, parametersOf(text)]);
    }
  });

  it('are not taken for words of the portal', () => {
    expect(Object.keys(en).filter((key) => key in portal)).toEqual([]);
  });

  it('leave no brace behind', () => {
    for (const [locale, catalogue] of Object.entries({ en, de })) {
      for (const [key, text] of Object.entries(catalogue)) {
        const values = Object.fromEntries(parametersOf(text).map((name) => [name, 2]));
        const said = format(text, values, { locale, now: () => 0 });
        expect([key, said]).toEqual([key, expect.stringMatching(/^[^{}]*[^{}\s]$/)]);
      }
    }
  });

  it('use the quotation marks and dots of their language', () => {
    for (const text of Object.values(de)) expect(text).not.toMatch(/["”]|\.\.\.|\w…/);
    for (const text of Object.values(en)) expect(text).not.toMatch(/["„]|\.\.\./);
  });
});
