import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { speak as Speak } from '../src/words';

const HERE = `data:text/javascript,${encodeURIComponent(
  "export const WORDS = { texts: { loading: 'Lädt' }, labels: {} };//",
)}`;
const NOWHERE = 'https://gw.example';
/** A part that does not end to load. */
const SLOW = `data:text/javascript,${encodeURIComponent(
  "await new Promise((done) => { globalThis.german = done }); export const WORDS = { texts: { loading: 'Spät' }, labels: {} };//",
)}`;

let speak: typeof Speak;

beforeEach(async () => {
  vi.resetModules();
  ({ speak } = await import('../src/words'));
});
afterEach(() => vi.useRealTimers());

describe('the words', () => {
  it('are there at once in English', () => {
    expect(speak('en', NOWHERE, () => {})).toMatchObject({ language: 'en', isWaiting: false });
  });

  it('of another language come once for all who ask, and nothing is said until then', async () => {
    const told = [vi.fn(), vi.fn()] as const;

    for (const tell of told) {
      const waiting = speak('de', HERE, tell);
      expect(waiting.isWaiting).toBe(true);
      expect(waiting.texts.loading).toBe('');
    }
    await vi.waitFor(() => expect(told[1]).toHaveBeenCalledTimes(1));
    expect(told[0]).toHaveBeenCalledTimes(1);
    const spoken = speak('de', NOWHERE, () => {});
    expect(spoken).toMatchObject({ language: 'de', isWaiting: false });
    expect(spoken.texts.loading).toBe('Lädt');
  });

  it('are English when their language cannot be loaded, and asked for again later', async () => {
    vi.useFakeTimers();
    const tell = vi.fn(() => speak('de', NOWHERE, () => {}));

    speak('de', NOWHERE, tell);
    await vi.waitFor(() => expect(tell).toHaveBeenCalledTimes(1));

    expect(tell.mock.results[0]?.value).toMatchObject({ language: 'en', isWaiting: false });
    const changed = vi.fn();
    const stays = { language: 'en', isWaiting: false };
    expect(speak('de', HERE, changed)).toMatchObject(stays);
    await vi.advanceTimersByTimeAsync(55_000);
    expect(speak('de', HERE, changed)).toMatchObject(stays);
    expect(changed).not.toHaveBeenCalled();

    await vi.advanceTimersByTimeAsync(5_000);
    expect(speak('de', HERE, changed)).toMatchObject(stays);
    await vi.waitFor(() => expect(changed).toHaveBeenCalled());
    expect(speak('de', HERE, changed).language).toBe('de');
  });

  it('are English while their language is late, and its own once it is there', async () => {
    vi.useFakeTimers();
    const changed = vi.fn(() => {
      speak('de', SLOW, changed);
    });

    speak('de', SLOW, changed);
    await vi.advanceTimersByTimeAsync(3000);
    expect(changed).toHaveBeenCalledTimes(1);
    expect(speak('de', SLOW, changed)).toMatchObject({ language: 'en', isWaiting: false });

    vi.useRealTimers();
    await vi.waitFor(() => (globalThis as { german?: () => void }).german?.());
    await vi.waitFor(() => expect(speak('de', SLOW, () => {}).language).toBe('de'));
    expect(changed).toHaveBeenCalledTimes(2);
  });
});
