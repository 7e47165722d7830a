import { describe, expect, it } from 'vitest';
import { favouritesOf, type Kept, MOST_FAVOURITES, readKept, toggled } from './favourites';

const id = (at: number): string => `01JB000000000000000000${String(at).padStart(4, '0')}`;

describe('favourites', () => {
  it('come in and go out, for each user apart', () => {
    let kept: Kept = toggled(toggled([], 't/anna', id(1)), 't/bert', id(2));
    kept = toggled(kept, 't/anna', id(3));

    expect(favouritesOf(kept, 't/anna')).toEqual([id(1), id(3)]);
    expect(favouritesOf(kept, 't/bert')).toEqual([id(2)]);
    expect(favouritesOf(toggled(kept, 't/anna', id(1)), 't/anna')).toEqual([id(3)]);
    expect(readKept(JSON.stringify(kept))).toEqual(kept);
  });

  it('are bounded', () => {
    let kept: Kept = [];
    for (let at = 0; at <= MOST_FAVOURITES; at += 1) kept = toggled(kept, 'a', id(at));
    expect(favouritesOf(kept, 'a')).toHaveLength(MOST_FAVOURITES);
    for (let at = 0; at < 20; at += 1) kept = toggled(kept, `user ${at}`, id(1));
    expect(kept).toHaveLength(8);
    expect(favouritesOf(kept, 'user 19')).toEqual([id(1)]);
  });

  it.each(['', '{', '7', 'null', '[7]', '[["a"]]', '[["a", ["<img>", 7]]]', '{"a":["b"]}'])(
    'are nothing where %s was stored',
    (text) => {
      expect(favouritesOf(readKept(text), 'a')).toEqual([]);
    },
  );
});
