import { describe, expect, it } from 'vitest';
import { backoff } from '../src/backoff';
import { merge, silenced } from '../src/merge';
import { readDelta } from '../src/wire';
import { snapshotOf, wireCard } from './fixture';

const three = snapshotOf(['A', 'B', 'C'].map((id) => wireCard({ id, name: id })));
const ids = (delta: Record<string, unknown>): string =>
  merge(three, readDelta(delta))
    .cards.map((card) => card.id)
    .join('');

describe('merging a delta', () => {
  it('changes cards in place', () => {
    const next = merge(three, readDelta({ changed: [wireCard({ id: 'B', state: 'busy' })] }));

    expect(next.cards.map((card) => card.state)).toEqual(['available', 'busy', 'available']);
    expect(next.cards[0]).toBe(three.cards[0]);
    expect(next.publication).toBe(three.publication);
    expect(three.cards[1]?.state).toBe('available');
  });

  it('removes, adds last, and obeys an order', () => {
    expect(ids({ removed: ['A', 'nobody'] })).toBe('BC');
    expect(ids({ changed: [wireCard({ id: 'D' })] })).toBe('ABCD');
    expect(ids({ changed: [wireCard({ id: 'D' })], order: ['D', 'C', 'B', 'A'] })).toBe('DCBA');
    expect(ids({ removed: ['B'], order: ['C', 'B', 'A'] })).toBe('CA');
    expect(ids({ order: ['C'] })).toBe('CAB');
  });

  it('takes over what is said of the publication', () => {
    const publication = { title: 'New', is_open: false, opens_at: '2030-01-08T07:00:00Z' };

    expect(merge(three, readDelta({ publication })).publication).toEqual({
      title: 'New',
      isOpen: false,
      opensAt: '2030-01-08T07:00:00Z',
      closesAt: '',
      isReachable: true,
      nextReachable: '',
      whenUnreachable: '',
      templates: {},
    });
  });

  it('leaves nothing of a state that is no longer known', () => {
    const group = wireCard({ kind: 'group', note: 'n', custom: 'c', is_out_of_office: true });
    const [card] = snapshotOf([{ ...group, members: [wireCard()] }]).cards.map(silenced);

    expect(card).toMatchObject({
      name: 'Anna Berg',
      state: 'unknown',
      isReachable: false,
      note: '',
    });
    expect(card).toMatchObject({ custom: '', isOutOfOffice: false, reason: 'unknown' });
    expect(card?.modalities.some((modality) => modality.isEnabled)).toBe(false);
    expect(card?.members[0]?.state).toBe('unknown');
  });
});

describe('the back-off', () => {
  it('doubles up to a minute and stays in the upper half', () => {
    const full = [0, 1, 2, 3, 4, 5, 6, 50].map((failures) => backoff(failures, 2000, () => 1));

    expect(full).toEqual([2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    expect(backoff(0, 2000, () => 0)).toBe(1000);
    expect(backoff(0, 0, () => 1)).toBe(500);
  });
});
