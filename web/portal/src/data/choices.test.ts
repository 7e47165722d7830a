import { expect, it, vi } from 'vitest';
import { findContacts, findSites } from './choices';

const { get } = vi.hoisted(() => ({ get: vi.fn() }));

vi.mock('../app/gateway', () => ({ api: { GET: get } }));

it('asks for as many as are shown, and no more', async () => {
  const { signal } = new AbortController();
  get.mockResolvedValue({ data: { items: ['found'], next: 'more' } });

  expect(await findContacts('T', ' anna ', 8, signal)).toEqual(['found']);
  expect(await findSites('T', 'berl', 7, signal)).toEqual(['found']);
  expect(get.mock.calls.map(([path, { params }]) => [path, params.query])).toEqual([
    ['/tenants/{tenant}/contacts', { limit: 8, q: 'anna' }],
    ['/tenants/{tenant}/sites', { limit: 7, q: 'berl' }],
  ]);
});
