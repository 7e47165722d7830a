import { describe, expect, it, vi } from 'vitest';
import { api } from '../app/gateway';
import { clientProfilesSource, nameOfProfile, profilesSource } from './profiles';

const LUNCH = { name: 'Lunch', labels: { de: 'Frühstück' } };

/** The gateway's list of these. */
function list(...items: unknown[]): void {
  const response = new Response();
  vi.spyOn(api, 'GET').mockResolvedValue({ data: { items }, response } as never);
}

const query = (q: string) => ({ after: undefined, q, signal: new AbortController().signal });

describe('profiles', () => {
  it('are called by their label in a language, and by their name without one', () => {
    expect([nameOfProfile('de', LUNCH), nameOfProfile('en', LUNCH)]).toEqual([
      'Frühstück',
      'Lunch',
    ]);
  });

  it.each([
    ['de', 'fruhst', 1],
    ['de', 'lunch', 0],
    ['en', 'lunch', 1],
    ['en', 'fruhst', 0],
  ] as const)('are sought in %s by what is shown: %s', async (language, q, count) => {
    list(LUNCH);

    expect((await profilesSource('t', language).read(query(q))).items).toHaveLength(count);
  });

  it('of clients are sought by what the built-in one is called on the page', async () => {
    list({ name: '', is_built_in: true }, { name: 'Büro', is_built_in: false });
    const source = clientProfilesSource('t', 'Vorgabe');

    expect((await source.read(query('vorg'))).items).toMatchObject([{ is_built_in: true }]);
    expect((await source.read(query('BURO'))).items).toMatchObject([{ name: 'Büro' }]);
  });
});
