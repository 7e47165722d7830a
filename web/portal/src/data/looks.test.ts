import type { ServerEvent } from '@switchboard/client';
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keeper, Looks } from './looks';

/** A gateway whose streams tell what the test hands them. */
function gateway() {
  const opened: { contacts: readonly string[]; tell: (event: ServerEvent | null) => void }[] = [];
  const told: string[] = [];
  const left: string[] = [];
  const gone: string[] = [];
  const page = { isVisible: true, isRefused: false };
  const looks = new Looks({
    open: async (contacts, signal) => {
      if (page.isRefused) throw new Error('too many');
      const queue: (ServerEvent | null)[] = [];
      let wake = (): void => {};
      signal.addEventListener('abort', () => push(null));
      const push = (event: ServerEvent | null): void => {
        queue.push(event);
        wake();
      };
      opened.push({ contacts, tell: push });
      return (async function* () {
        for (;;) {
          while (queue.length === 0) await new Promise<void>((resolve) => (wake = resolve));
          const event = queue.shift();
          if (!event) return;
          yield event;
        }
      })();
    },
    told: (contacts) =>
      told.push(...contacts.map(({ id, availability }) => `${id} ${availability}`)),
    left(contacts, isGone) {
      left.push(...contacts);
      if (isGone) gone.push(...contacts);
    },
    isVisible: () => page.isVisible,
  });
  const event = (name: string, data: unknown): ServerEvent => ({
    name,
    data: JSON.stringify(data),
  });
  const of = (id: string, availability: string) => ({ id, availability });
  const snapshot = (...contacts: unknown[]) => event('snapshot', { contacts });
  const delta = (changed: unknown[], removed: string[] = []) =>
    event('delta', { changed, removed });
  return { looks, opened, told, left, gone, page, of, snapshot, delta };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('whatever is in sight is told by one stream', async () => {
  const { looks, opened, told, of, snapshot, delta } = gateway();
  looks.follow('a');
  looks.follow('b');
  await vi.advanceTimersByTimeAsync(200);
  expect(opened.map(({ contacts }) => contacts)).toEqual([['a', 'b']]);

  opened[0]?.tell(snapshot(of('a', 'busy'), of('b', 'away')));
  opened[0]?.tell(delta([of('b', 'available')]));
  await vi.advanceTimersByTimeAsync(0);
  expect(told).toEqual(['a busy', 'b away', 'b available']);
  expect([looks.isTold('a'), looks.isTold('c')]).toEqual([true, false]);
});

test('who goes out of sight does not cost a stream, who comes does, and then nothing is asked twice', async () => {
  const { looks, opened, left, of, snapshot } = gateway();
  const leave = looks.follow('a');
  looks.follow('b');
  await vi.advanceTimersByTimeAsync(200);
  opened[0]?.tell(snapshot(of('a', 'busy'), of('b', 'away')));
  await vi.advanceTimersByTimeAsync(0);
  leave();
  await vi.advanceTimersByTimeAsync(1000);
  expect(opened).toHaveLength(1);

  looks.follow('c');
  await vi.advanceTimersByTimeAsync(200);
  expect(opened[1]?.contacts).toEqual(['b', 'c']);
  expect(looks.isTold('b')).toBe(true);
  opened[1]?.tell(snapshot(of('b', 'away'), of('c', 'busy')));
  await vi.advanceTimersByTimeAsync(0);
  expect(left).toEqual(['a']);
});

test('who is one too many for a stream is looked at by asking, and is not gone', async () => {
  const { looks, opened, told, left, gone, of, snapshot } = gateway();
  const many = Array.from({ length: 200 }, (_, at) => `c${at}`);
  for (const one of many) looks.follow(one);
  await vi.advanceTimersByTimeAsync(200);
  opened[0]?.tell(snapshot(...many.map((one) => of(one, 'busy'))));
  await vi.advanceTimersByTimeAsync(0);
  expect(told).toHaveLength(200);

  looks.follow('c200');
  await vi.advanceTimersByTimeAsync(200);
  const asked = [...many.slice(1), 'c200'];
  expect(opened[1]?.contacts).toEqual(asked);
  // The second is gone indeed: it was asked for, and nothing is told of it.
  opened[1]?.tell(snapshot(...asked.slice(1).map((one) => of(one, 'busy'))));
  await vi.advanceTimersByTimeAsync(0);
  expect([left, gone]).toEqual([['c1', 'c0'], ['c1']]);
  expect(['c0', 'c1', 'c200'].map((one) => looks.isTold(one))).toEqual([false, false, true]);
});

test('who may not be seen any more is looked at by asking', async () => {
  const { looks, opened, left, of, snapshot, delta } = gateway();
  looks.follow('a');
  await vi.advanceTimersByTimeAsync(200);
  opened[0]?.tell(snapshot(of('a', 'busy')));
  opened[0]?.tell(delta([], ['a']));
  await vi.advanceTimersByTimeAsync(0);
  expect([left, looks.isTold('a')]).toEqual([['a'], false]);
});

test('a stream that ends or is refused is asked for again, later each time', async () => {
  const { looks, opened, left, page, of, snapshot } = gateway();
  looks.follow('a');
  await vi.advanceTimersByTimeAsync(200);
  opened[0]?.tell(snapshot(of('a', 'busy')));
  opened[0]?.tell(null);
  page.isRefused = true;
  await vi.advanceTimersByTimeAsync(0);
  expect([left, looks.isTold('a')]).toEqual([['a'], false]);
  await vi.advanceTimersByTimeAsync(3000);
  page.isRefused = false;
  await vi.advanceTimersByTimeAsync(5999);
  expect(opened).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(opened).toHaveLength(2);
});

test('who comes into sight after a refusal waits with the others', async () => {
  const { looks, opened, page } = gateway();
  page.isRefused = true;
  looks.follow('a');
  await vi.advanceTimersByTimeAsync(200);
  page.isRefused = false;
  await vi.advanceTimersByTimeAsync(1000);
  looks.follow('b');
  looks.review();
  await vi.advanceTimersByTimeAsync(1999);
  expect(opened).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(1);
  expect(opened.map(({ contacts }) => contacts)).toEqual([['a', 'b']]);
});

test('nobody is looked at on a page that nobody sees', async () => {
  const { looks, opened, page, left, of, snapshot } = gateway();
  looks.follow('a');
  await vi.advanceTimersByTimeAsync(200);
  opened[0]?.tell(snapshot(of('a', 'busy')));
  page.isVisible = false;
  looks.review();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([opened.length, left]).toEqual([1, ['a']]);
  page.isVisible = true;
  looks.review();
  await vi.advanceTimersByTimeAsync(200);
  expect(opened).toHaveLength(2);
});

test('what is told is kept, and only who was asked why is asked again', () => {
  const client = new QueryClient();
  const invalidate = vi.spyOn(client, 'invalidateQueries');
  const { of } = gateway();
  client.setQueryData(['why', 't', 'b'], {});
  const contacts = ['a', 'b', 'c'].map((id) => of(id, 'busy')) as never[];
  keeper(client, 't').told(contacts);

  expect(client.getQueryData(['presence', 't', 'a'])).toEqual(of('a', 'busy'));
  expect(client.getQueryState(['why', 't', 'b'])?.isInvalidated).toBe(true);
  expect(invalidate).toHaveBeenCalledTimes(1);
});

test('who left is looked at anew at one go, and nobody else', () => {
  const client = new QueryClient();
  const invalidate = vi.spyOn(client, 'invalidateQueries');
  for (const id of ['a', 'b', 'c']) client.setQueryData(['presence', 't', id], {});
  keeper(client, 't').left(['a', 'c']);

  const isInvalidated = (id: string) => client.getQueryState(['presence', 't', id])?.isInvalidated;
  expect(['a', 'b', 'c'].map(isInvalidated)).toEqual([true, false, true]);
  expect(invalidate).toHaveBeenCalledTimes(1);
});

test('who is gone is not asked for again', async () => {
  const client = new QueryClient();
  const asked = vi.fn(async () => 'seen');
  const observer = new QueryObserver(client, { queryKey: ['presence', 't', 'a'], queryFn: asked });
  const stop = observer.subscribe(() => {});
  await vi.waitFor(() => expect(observer.getCurrentResult().data).toBe('seen'));

  keeper(client, 't').left(['a'], true);
  await Promise.resolve();
  expect(asked).toHaveBeenCalledTimes(1);
  keeper(client, 't').left(['a']);
  await vi.waitFor(() => expect(asked).toHaveBeenCalledTimes(2));
  stop();
});
