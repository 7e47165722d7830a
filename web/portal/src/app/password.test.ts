import { describe, expect, it } from 'vitest';
import { holdsName, makePassword } from './password';

describe('a generated password', () => {
  it('has every kind of character and is long enough', () => {
    for (let times = 0; times < 200; times += 1) {
      const password = makePassword('anna');
      expect(password).toHaveLength(20);
      for (const kind of [/[A-Z]/, /[a-z]/, /[2-9]/, /[!#%+\-=?@_]/])
        expect(password).toMatch(kind);
    }
  });
});

describe('a user name in a password', () => {
  it('is found whatever its case and accents', () => {
    expect(holdsName('my-ZOE-password', 'Zoë')).toBe(true);
    expect(holdsName('correct horse battery', 'admin')).toBe(false);
    expect(holdsName('anything', '')).toBe(false);
  });
});
