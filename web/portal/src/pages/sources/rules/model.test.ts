import { describe, expect, it } from 'vitest';
import type { FieldRule } from '../../../data/sources';
import { draftsOf, isPlain, newTransform, rulesOf } from './model';

describe('the rules of a field', () => {
  const trim = { kind: 'trim' as const };

  it('come back from the editor as they were', () => {
    const all: FieldRule[][] = [
      [],
      ['mail', 'proxyAddresses'],
      ['mail', { attributes: ['a', 'b'], transforms: [trim] }, 'c', 'd'],
      [{ attributes: ['a'], transforms: [newTransform('e164', 'DE')] }],
    ];
    for (const rules of all) expect(rulesOf(draftsOf(rules))).toEqual(rules);
  });

  it('are names where nothing is done with the values', () => {
    const drafts = [{ key: 0, attributes: ' l , st,', transforms: [] }];
    expect(rulesOf(drafts)).toEqual(['l', 'st']);
    expect(isPlain(['l', 'st'])).toBe(true);
    expect(isPlain(['l', { attributes: ['st'], transforms: [trim] }])).toBe(false);
    expect(rulesOf([{ key: 0, attributes: ' ', transforms: [trim] }])).toEqual([]);
  });
});
