import { expect, it, vi } from 'vitest';
import { api } from '../app/gateway';
import { type TemplateItem, templatesSource } from './templates';

it.each([
  ['', ['Vorgabe', 'Büro Berlin']],
  ['buro', ['Büro Berlin']],
  ['berlin büro', ['Büro Berlin']],
  ['Büro Berlin, Haus 2', []],
] as const)('templates are sought by what they are called: %s', async (q, found) => {
  const items = [{ name: 'Vorgabe' }, { name: 'Büro Berlin' }];
  vi.spyOn(api, 'GET').mockResolvedValue({ data: { items }, response: new Response() } as never);
  const source = templatesSource('t', ({ name }: Pick<TemplateItem, 'name'>) => name);
  const { signal } = new AbortController();

  const { items: shown } = await source.read({ after: undefined, q, signal });
  expect(shown.map(({ name }) => name)).toEqual(found);
});
