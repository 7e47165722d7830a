import { describe, expect, it } from 'vitest';
import { searchOfContacts } from './search';

describe('the address of the list of contacts', () => {
  it('keeps what narrows the list, and nothing else', () => {
    const kept = {
      q: 'anna',
      state: 'busy,away',
      kind: 'person',
      site: '01M0',
      group: '01M1',
      source: 'none',
      is_hybrid: false,
      is_vcard_enabled: true,
    };

    expect(searchOfContacts({ ...kept, colour: 'red', after: 'x' })).toEqual(kept);
  });

  it.each([
    { state: 'busy,' },
    { state: 3 },
    { kind: 'robot' },
    { site: 'a b' },
    { is_disabled: 'true' },
    { q: '' },
  ])('leaves out what nobody can mean: %o', (search) => {
    expect(searchOfContacts(search)).toEqual({});
  });

  it('asks for no state of those who are out of service', () => {
    expect(searchOfContacts({ state: 'busy', is_disabled: true })).toEqual({ is_disabled: true });
  });
});
