import { describe, expect, it } from 'vitest';
import { placeOf } from './useKeys';

describe('a key', () => {
  it.each([
    ['ArrowDown', 0, 3, 1],
    ['ArrowDown', 2, 3, 2],
    ['ArrowUp', 1, 3, 0],
    ['ArrowUp', 0, 3, 0],
    ['Home', 2, 3, 0],
    ['End', 0, 3, 2],
    ['first', -1, 3, 0],
    ['ArrowDown', -1, 3, null],
    ['a', 1, 3, null],
    ['first', -1, 0, null],
  ])('%s leads from %i of %i to %s', (key, now, count, expected) => {
    expect(placeOf(key, now, count)).toBe(expected);
  });
});
