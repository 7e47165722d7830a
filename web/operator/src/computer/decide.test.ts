import { describe, expect, it } from 'vitest';
import { COUNTS_S, decide, INPUT_MS, type Known, REPEAT_MS, RETRY_MS } from './decide';

const NOW = 1_800_000_000_000;
const KNOWN: Known = {
  now: NOW,
  isOn: true,
  seen: null,
  inputAt: NOW,
  said: null,
  failedAt: null,
};
const active = { word: 'active', at: NOW - 1000 } as const;
const nothing = { do: 'nothing' } as const;
const say = (word: 'active' | 'idle' | 'locked') => ({ do: 'say', word }) as const;
const at = (user: 'active' | 'idle', screen: 'locked' | 'unlocked') => ({ user, screen });

describe('this computer', () => {
  it.each<[string, Partial<Known>, unknown]>([
    ['says that somebody came', {}, say('active')],
    ['says nothing twice', { said: active }, nothing],
    ['repeats it', { said: { word: 'active', at: NOW - REPEAT_MS } }, say('active')],
    ['repeats it after a sleep', { said: { word: 'active', at: 0 } }, say('active')],
    [
      'repeats it when the clock was set back',
      { said: { word: 'active', at: NOW + 9e9 } },
      say('active'),
    ],
    ['knows nothing of who does nothing in the page', { inputAt: NOW - INPUT_MS }, nothing],
    ['never says idle of them', { inputAt: 0, said: active }, nothing],
    ['says idle where it is seen', { seen: at('idle', 'unlocked'), said: active }, say('idle')],
    ['says locked where it is seen', { seen: at('idle', 'locked'), said: active }, say('locked')],
    ['says locked whoever was just there', { seen: at('active', 'locked') }, say('locked')],
    [
      'says active where it is seen, whatever the page',
      { seen: at('active', 'unlocked'), inputAt: 0 },
      say('active'),
    ],
    ['waits after a failure', { failedAt: NOW - RETRY_MS + 1 }, nothing],
    ['tries again', { failedAt: NOW - RETRY_MS }, say('active')],
    ['ends what it said when it is switched off', { isOn: false, said: active }, { do: 'end' }],
    ['says nothing while it is switched off', { isOn: false, seen: at('idle', 'locked') }, nothing],
  ])('%s', (_, change, expected) => {
    expect(decide({ ...KNOWN, ...change })).toEqual(expected);
  });

  it('repeats what it says before that expires, also with timers of once a minute', () => {
    expect(REPEAT_MS + 60_000).toBeLessThan(COUNTS_S * 1000);
  });
});
