import { expect, it } from 'vitest';
import type { ListSource } from '../parts/list';
import { sifted } from './sifted';

function counting(pages: number): ListSource<number> & { asked: string[] } {
  const asked: string[] = [];
  return {
    key: ['numbers'],
    asked,
    read({ after = '0' }) {
      asked.push(after);
      const page = Number(after);
      const next = page + 1 < pages ? String(page + 1) : null;
      return Promise.resolve({ items: [page * 2, page * 2 + 1], next });
    },
  };
}

const query = { after: undefined, q: undefined, signal: new AbortController().signal };

it('passes over pages without anything that is wanted', async () => {
  const source = counting(20);
  const found = await sifted(source, (number) => number === 7).read(query);
  expect(found).toEqual({ items: [7], next: '4' });
  expect(source.asked).toEqual(['0', '1', '2', '3']);
});

it('says where the end is', async () => {
  const source = counting(20);
  expect(await sifted(source, () => false).read(query)).toEqual({ items: [], next: null });
  expect(source.asked).toHaveLength(20);
});
