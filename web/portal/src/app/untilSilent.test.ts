import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { untilSilent } from './untilSilent';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function* words(...pauses: number[]): AsyncGenerator<number> {
  for (const pause of pauses) {
    await after(pause);
    yield pause;
  }
}

async function heard(told: AsyncGenerator<number>, stop: () => void): Promise<number[]> {
  const all: number[] = [];
  for await (const word of untilSilent(told, 40, stop)) all.push(word);
  return all;
}

test('what is told in time is heard to its end', async () => {
  const stop = vi.fn();
  const all = heard(words(39, 39, 0), stop);
  await vi.advanceTimersByTimeAsync(100);
  expect(await all).toEqual([39, 39, 0]);
  expect(stop).not.toHaveBeenCalled();
});

test('whoever falls silent is not waited for', async () => {
  const stop = vi.fn();
  const all = heard(words(10, 1000, 1), stop);
  await vi.advanceTimersByTimeAsync(51);
  expect(await all).toEqual([10]);
  expect(stop).toHaveBeenCalledOnce();
});
