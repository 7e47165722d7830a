import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Feed, type FeedStatus } from '../src/feed';
import { follow } from '../src/share';
import { fakeGateway, frame, wireCard, wireSnapshot } from './fixture';

const URL = 'https://gw.example/api/v1/visitor/publications/K/stream';
const SNAPSHOT = frame('snapshot', wireSnapshot([wireCard()]), 'e.1');
const PING = frame('ping', {});

let gateway: ReturnType<typeof fakeGateway>;
let feed: Feed;
let seen: FeedStatus[];

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(1);
  gateway = fakeGateway();
  seen = [];
  feed = new Feed(URL, () => seen.push(feed.status));
  feed.start();
});

afterEach(() => {
  feed.stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe('a feed', () => {
  it('shows the snapshot and merges deltas, cut anywhere', async () => {
    const changed = [wireCard({ state: 'busy', name: 'Änne' })];
    const bytes = frame('delta', { changed }, 'e.2');

    await gateway.last().send(SNAPSHOT.slice(0, 40));
    await gateway.last().send(SNAPSHOT.slice(40));
    for (const char of bytes) await gateway.last().send(char);

    expect(seen).toEqual(['live', 'live']);
    expect(feed.snapshot?.cards[0]).toMatchObject({ name: 'Änne', state: 'busy' });
    expect(gateway.last().url).toBe(URL);
  });

  it('comes back where it was after a cut', async () => {
    await gateway.last().send(`retry: 3000\n\n${SNAPSHOT}`);
    await gateway.last().end();
    await pass(2999);
    expect(gateway.connections).toHaveLength(1);

    await pass(1);
    await gateway.last().send(frame('delta', { removed: ['A'] }, 'e.2'));

    expect(gateway.last().url).toBe(`${URL}?last_event_id=e.1`);
    expect(feed.snapshot?.cards).toEqual([]);
  });

  it('waits longer after each failure, a minute at most, and starts again after a success', async () => {
    gateway.refuse = -1;
    await gateway.last().end();
    const waits: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      const [from, known] = [Date.now(), gateway.connections.length];
      while (gateway.connections.length === known) await pass(500);
      waits.push((Date.now() - from) / 1000);
    }

    expect(waits).toEqual([2, 4, 8, 16, 32, 60, 60, 60]);
    expect(feed.status).toBe('failed');

    gateway.refuse = 0;
    await pass(60_000);
    await gateway.last().send(SNAPSHOT);
    await gateway.last().end();
    await pass(2000);
    expect(gateway.last().url).toContain('last_event_id');
    expect(feed.status).toBe('live');
  });

  it('falls silent after 30 s without an event, and recovers with a snapshot', async () => {
    await gateway.last().send(SNAPSHOT);
    await pass(29_000);
    await gateway.last().send(PING);
    await pass(29_999);
    expect(feed.status).toBe('live');

    await pass(1);
    expect(feed.status).toBe('silent');
    expect(gateway.connections[0]?.signal.aborted).toBe(true);

    await pass(2000);
    await gateway.last().send(': only a comment\n\n');
    expect(feed.status).toBe('silent');
    await gateway.last().send(PING);
    expect(feed.status).toBe('silent');
    expect(gateway.last().url).toBe(URL);
    await gateway.last().send(SNAPSHOT);
    expect(feed.status).toBe('live');
  });

  it('goes on where it was when it has only heard pings since it came back', async () => {
    await gateway.last().send(SNAPSHOT);
    for (let round = 0; round < 2; round += 1) {
      await gateway.last().end();
      await pass(2000);
      await gateway.last().send(PING);
    }

    expect(feed.status).toBe('live');
    expect(gateway.last().url).toBe(`${URL}?last_event_id=e.1`);
  });

  it('falls silent at the same moment while it tries to come back', async () => {
    await gateway.last().send(SNAPSHOT);
    gateway.refuse = -1;
    await gateway.last().end();
    await pass(29_999);
    expect(feed.status).toBe('live');

    await pass(1);

    expect(feed.status).toBe('silent');
    expect(gateway.connections.length).toBeGreaterThan(3);
  });

  it('renews a connection that never says anything', async () => {
    await pass(30_000);
    expect(feed.status).toBe('failed');
    await pass(2000);

    expect(gateway.connections).toHaveLength(2);
  });

  it('tries at once when the network or the visitor comes back', async () => {
    gateway.refuse = -1;
    await gateway.last().end();
    gateway.refuse = 0;
    dispatchEvent(new Event('online'));
    expect(gateway.connections).toHaveLength(2);

    await gateway.last().send(SNAPSHOT);
    dispatchEvent(new Event('online'));
    expect(gateway.connections).toHaveLength(2);

    await pass(16_000);
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    expect(gateway.connections).toHaveLength(3);
  });

  it('says at once after a long sleep that it knows nothing', async () => {
    await gateway.last().send(SNAPSHOT);
    vi.setSystemTime(Date.now() + 3_600_000);
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));

    expect(feed.status).toBe('silent');
  });

  it('shows nothing of a publication that is gone', async () => {
    await gateway.last().send(SNAPSHOT);
    gateway.refuse = 404;
    await gateway.last().end();
    await pass(2000);

    expect(feed.status).toBe('missing');
    expect(feed.snapshot).toBeNull();
  });

  it('asks for a new snapshot after an event that it cannot read', async () => {
    await gateway.last().send(SNAPSHOT);
    await gateway.last().send('event: delta\nid: e.2\ndata: {"chan\n\n');
    await pass(2000);

    expect(gateway.last().url).toBe(URL);
  });

  it('passes over events that it does not know', async () => {
    await gateway.last().send(SNAPSHOT);
    await gateway.last().send(frame('weather', { sun: true }));

    expect(feed.status).toBe('live');
    expect(feed.snapshot?.cards).toHaveLength(1);
  });

  it('ends its connection and its timers when it is stopped', async () => {
    await gateway.last().send(SNAPSHOT);
    feed.stop();
    await pass(120_000);

    expect(gateway.connections).toHaveLength(1);
    expect(gateway.last().signal.aborted).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('following together', () => {
  it('shares one connection until the last has gone', async () => {
    feed.stop();
    const first = follow(`${URL}x`, () => seen.push('live'));
    const second = follow(`${URL}x`, () => seen.push('silent'));
    expect(second.feed).toBe(first.feed);
    expect(gateway.connections).toHaveLength(2);

    first.stop();
    await pass(0);
    expect(gateway.last().signal.aborted).toBe(false);

    second.stop();
    const again = follow(`${URL}x`, () => undefined);
    await pass(0);
    expect(again.feed).toBe(first.feed);

    again.stop();
    await pass(0);
    expect(gateway.last().signal.aborted).toBe(true);
  });
});
