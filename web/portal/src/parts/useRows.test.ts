import { describe, expect, it } from 'vitest';
import { rangeAt, rowsOf } from './useRows';

const between = (from: number, until: number): number[] =>
  Array.from({ length: until - from }, (_, at) => from + at);

describe('rows', () => {
  it.each([
    [0, 480, { first: 0, last: 9 }],
    [47, 480, { first: 0, last: 10 }],
    [48, 480, { first: 1, last: 10 }],
    [-20, 480, { first: 0, last: 9 }],
    [0, 0, { first: 0, last: 0 }],
  ])('at %d of a window of %d are those in sight', (top, height, range) => {
    expect(rangeAt(top, height, 48)).toEqual(range);
  });

  it('exist in sight, a few ahead, and where the focus is', () => {
    const rows = (kept: number, count = 1000): number[] =>
      rowsOf({ first: 100, last: 109 }, { count, ahead: 8, kept });

    expect(rows(105)).toEqual(between(92, 118));
    expect(rows(3)).toEqual([3, ...between(92, 118)]);
    expect(rows(900)).toEqual([...between(92, 118), 900]);
    expect(rows(-1, 0)).toEqual([]);
  });

  it('that are fewer than before leave no hole', () => {
    expect(rowsOf({ first: 100, last: 109 }, { count: 3, ahead: 8, kept: 0 })).toEqual([0, 1, 2]);
  });
});
