import { describe, expect, it } from 'vitest';
import { isTrusted, LOST_MS, SILENT_MS } from './trust';

const NOW = 1_800_000_000_000;

describe('what was told last', () => {
  it.each([
    ['nothing was ever heard', { heardAt: null, lostAt: null }, false],
    ['just heard', { heardAt: NOW, lostAt: null }, true],
    ['silent, but not for long', { heardAt: NOW - SILENT_MS + 1, lostAt: null }, true],
    ['silent for too long', { heardAt: NOW - SILENT_MS, lostAt: null }, false],
    ['lost a moment ago', { heardAt: NOW - 1000, lostAt: NOW - LOST_MS + 1 }, true],
    ['lost for too long', { heardAt: NOW - 6000, lostAt: NOW - LOST_MS }, false],
    ['lost a moment ago after a long silence', { heardAt: NOW - SILENT_MS, lostAt: NOW }, false],
    ['the computer slept for an hour', { heardAt: NOW - 3_600_000, lostAt: null }, false],
    ['the clock was set back by an hour', { heardAt: NOW + 3_600_000, lostAt: null }, false],
  ])('%s', (_, line, expected) => {
    expect(isTrusted(line, NOW)).toBe(expected);
  });

  it('is believed for less than half a minute in any case', () => {
    expect(SILENT_MS + LOST_MS).toBeLessThanOrEqual(30_000);
  });
});
