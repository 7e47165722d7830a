import { renderHook } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { begin, dismiss, forgetAll, stop, stopAll, useWorks, type Work } from './work';

const work = (title: string): Work => {
  const found = renderHook(useWorks).result.current.find((one) => one.title === title);
  if (!found) throw new Error(`${title} does not go on`);
  return found;
};

it('names what fails and does the rest', async () => {
  const taken: number[] = [];
  let done: readonly number[] = [];

  await begin({
    title: 'count',
    items: [1, 2, 3, 4, 5, 6],
    name: (it) => `number ${it}`,
    act: async ([it]) => {
      if (it === 3) throw new Error('no three');
      taken.push(it ?? 0);
    },
    ended: (succeeded) => {
      done = succeeded;
    },
    undo: () => {},
  });

  expect([...done].sort()).toEqual([1, 2, 4, 5, 6]);
  expect(taken).toHaveLength(5);
  const { failures, isRunning, undo, total } = work('count');
  expect(failures.map(({ name }) => name)).toEqual(['number 3']);
  expect([isRunning, typeof undo, total, work('count').done]).toEqual([false, 'function', 6, 6]);
});

it('does several by one act, and nothing more once it was stopped', async () => {
  const pieces: number[] = [];

  await begin({
    title: 'pieces',
    items: Array.from({ length: 1000 }, (_, at) => at),
    atOnce: 100,
    name: String,
    act: async (items) => {
      pieces.push(items.length);
      stop(work('pieces').id);
    },
  });

  expect(pieces).toEqual([100]);
  expect(work('pieces').done).toBe(100);
  dismiss(work('pieces').id);
  expect(() => work('pieces')).toThrow();
});

it('counts every failure and names the first hundred', async () => {
  await begin({
    title: 'failing',
    items: Array.from({ length: 250 }, (_, at) => at),
    atOnce: 50,
    name: String,
    act: async (items) => {
      if (items[0] !== 0) throw new Error('no more');
    },
  });

  const { done, failed, failures } = work('failing');
  expect([done, failed, failures.length]).toEqual([250, 200, 100]);
});

it('leaves nothing to whoever works here next', async () => {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const act = vi.fn(() => released);
  const ended = vi.fn();
  const closes = (): boolean =>
    window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
  const going = begin({ title: 'left', items: Array(100).fill(0), name: String, act, ended });
  expect(closes()).toBe(false);

  stopAll();
  expect(work('left').isStopped).toBe(true);
  forgetAll();
  expect(renderHook(useWorks).result.current).toEqual([]);
  expect(closes()).toBe(true);
  release();
  await going;

  expect(act).toHaveBeenCalledTimes(4);
  expect(ended).not.toHaveBeenCalled();
  expect(renderHook(useWorks).result.current).toEqual([]);
});
