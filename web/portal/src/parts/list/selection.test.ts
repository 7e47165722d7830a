import { describe, expect, it } from 'vitest';
import { all, extended, NOTHING, toggled } from './selection';

const idAt = (row: number): string => `id${row}`;

describe('what is chosen in a list', () => {
  it('changes row by row', () => {
    const one = toggled(NOTHING, 3, idAt(3));

    expect([...one.ids]).toEqual(['id3']);
    expect([...toggled(one, 3, idAt(3)).ids]).toEqual([]);
  });

  it('goes from the last row that was chosen by itself, in both directions', () => {
    const one = toggled(NOTHING, 3, idAt(3));
    const up = extended(one, 1, idAt);

    expect([...up.ids].sort()).toEqual(['id1', 'id2', 'id3']);
    expect([...extended(up, 5, idAt).ids].sort()).toEqual(['id1', 'id2', 'id3', 'id4', 'id5']);
  });

  it('can be everything that is there', () => {
    expect([...all(['a', 'b']).ids]).toEqual(['a', 'b']);
  });
});
