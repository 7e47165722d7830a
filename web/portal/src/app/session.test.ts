import { QueryClient } from '@tanstack/react-query';
import { renderHook } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { signOut } from './session';
import { begin, forgetAll, useWorks } from './work';

const { remove } = vi.hoisted(() => ({ remove: vi.fn() }));

vi.mock('./gateway', () => ({ api: { DELETE: remove }, setCsrfToken: () => {}, send: () => {} }));

const works = () => renderHook(useWorks).result.current;

/** Something that goes on until everything is forgotten. */
function work(): void {
  void begin({ title: 'work', items: [1, 2], name: String, act: () => new Promise(() => {}) });
}

it('stops what goes on before the session ends, and forgets it and what was read', async () => {
  const client = new QueryClient();
  client.setQueryData(['contacts'], ['Anna']);
  work();
  remove.mockImplementation(async () => {
    expect(works().map(({ isStopped }) => isStopped)).toEqual([true]);
    return { data: { url: 'https://id.example/end' } };
  });

  expect(await signOut(client)).toBe('https://id.example/end');
  expect(works()).toEqual([]);
  expect(client.getQueryData(['contacts'])).toBeUndefined();
});

it('keeps what was done in sight when the session could not be ended', async () => {
  work();
  remove.mockRejectedValue(new Error('no network'));

  await expect(signOut(new QueryClient())).rejects.toThrow('no network');
  expect(works()).toHaveLength(1);
  forgetAll();
});
