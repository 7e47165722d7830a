import { describe, expect, it } from 'vitest';
import type { ClaimPart } from '../../../data/why';
import { checkEnd, draftFieldAt, draftOf, fieldsOfDraft, isNamed, type WordDraft } from './word';

const COFFEE = { id: '01M000000000000000000000E1', name: 'Coffee break' };
const UNTIL = '2026-11-27T12:00:00Z';

function given(custom: string | null): ClaimPart {
  const claim = { availability: 'away', activity: 'off_work', custom, expires_at: UNTIL };
  return { claim: { ...claim, is_out_of_office: true } } as ClaimPart;
}

describe('an own word', () => {
  it('that is a named state is sent as that alone', () => {
    const draft = draftOf(given('Coffee break'), [COFFEE]);

    expect(isNamed(draft)).toBe(true);
    expect(fieldsOfDraft({ ...draft, custom: 'left over', activity: 'presenting' })).toEqual({
      custom_state: COFFEE.id,
      is_out_of_office: true,
      expires_at: UNTIL,
    });
  });

  it('that is a state keeps what it is called this once', () => {
    const draft = draftOf(given(' At the fair '), [COFFEE]);

    expect(fieldsOfDraft(draft)).toEqual({
      availability: 'away',
      activity: 'off_work',
      custom: 'At the fair',
      is_out_of_office: true,
      expires_at: UNTIL,
    });
    expect(fieldsOfDraft({ ...draft, custom: '  ' }).custom).toBeNull();
  });

  it('begins with what most want to say when none is given', () => {
    const expected: WordDraft = {
      choice: 'busy',
      activity: null,
      custom: null,
      is_out_of_office: false,
      expires_at: null,
    };
    expect(draftOf(null, [COFFEE])).toEqual(expected);
  });

  it('shows what the gateway refuses at the field it was given in', () => {
    expect(['availability', 'custom_state', 'custom', 'expires_at'].map(draftFieldAt)).toEqual([
      'choice',
      'choice',
      'custom',
      'expires_at',
    ]);
  });

  it('ends later than now, or never', () => {
    const now = Date.parse(UNTIL);

    expect(checkEnd({ expires_at: null }, now)).toEqual([]);
    expect(checkEnd({ expires_at: UNTIL }, now - 1)).toEqual([]);
    expect(checkEnd({ expires_at: UNTIL }, now)).toHaveLength(1);
  });
});
