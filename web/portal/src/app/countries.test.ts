import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { countriesIn } from './countries';

const MODEL = join(import.meta.dirname, '../../../../directory/model/src/country.rs');

it('knows the countries that the gateway knows, by their names', async () => {
  const [list = ''] = (await readFile(MODEL, 'utf8')).split('];');
  const codes = [...list.matchAll(/"([A-Z]{2})"/g)].map(([, code]) => code);

  const countries = countriesIn('de');
  expect(countries.map(({ code }) => code).sort()).toEqual(codes);
  expect(countries.find(({ code }) => code === 'AT')?.name).toBe('Österreich');
});
