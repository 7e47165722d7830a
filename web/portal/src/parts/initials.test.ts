import { describe, expect, it } from 'vitest';
import { hueOf, initialsOf } from './initials';

describe('initials', () => {
  it.each([
    ['Anna Müller', 'AM'],
    ['Maximiliane-Alexandra Freifrau von Hohenstein', 'MH'],
    ['İpek Łukasik (extern)', 'İŁ'],
    ['“Zoë”', 'Z'],
    ['Service line 5', 'S5'],
    ['Orders – delivery', 'OD'],
    ['محمد الخوارزمي', 'ما'],
    ['𝒜da', '𝒜'],
    ['', ''],
    ['—', ''],
  ])('of “%s” are “%s”', (name, initials) => {
    expect(initialsOf(name)).toBe(initials);
  });

  it('keep their colour, and names spread over the colours', () => {
    const names = Array.from({ length: 200 }, (_, at) => `Person ${at}`);
    expect(hueOf('Anna Müller')).toBe(hueOf('Anna Müller'));
    expect(new Set(names.map(hueOf)).size).toBe(10);
  });
});
