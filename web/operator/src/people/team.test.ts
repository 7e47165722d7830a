import { describe, expect, it } from 'vitest';
import { MOST_PEOPLE, sectionsOf, type Team } from './team';

const team = (id: string, members: string[], hasMore = false): Team => ({
  id,
  name: id.toUpperCase(),
  members,
  hasMore,
});

describe('sections', () => {
  it('begin with favourites, leave oneself out, and name who is in two groups twice', () => {
    const teams = [team('sales', ['me', 'a', 'b']), team('support', ['b', 'c', 'c'])];

    expect(sectionsOf({ favourites: ['x', 'b'], teams, own: 'me' })).toEqual({
      sections: [
        { id: 'favourites', name: null, people: ['x', 'b'] },
        { id: 'sales', name: 'SALES', people: ['a', 'b'] },
        { id: 'support', name: 'SUPPORT', people: ['b', 'c'] },
      ],
      ids: ['x', 'b', 'a', 'c'],
      hasMore: false,
    });
  });

  it('have no heading over nobody', () => {
    const found = sectionsOf({ favourites: [], teams: [team('empty', ['me'])], own: 'me' });
    expect(found).toEqual({ sections: [], ids: [], hasMore: false });
  });

  it('hold so many people and say when there are more', () => {
    const many = Array.from({ length: 300 }, (_, at) => `p${at}`);
    const found = sectionsOf({ favourites: ['p299'], teams: [team('all', many)], own: 'me' });

    expect(found.ids).toHaveLength(MOST_PEOPLE);
    expect(found.hasMore).toBe(true);
    expect(found.sections[1]?.people).toContain('p299');
    const cut = sectionsOf({ favourites: [], teams: [team('cut', ['a'], true)], own: 'me' });
    expect(cut.hasMore).toBe(true);
  });
});
