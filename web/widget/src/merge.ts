import type { Card, Delta, Snapshot } from './wire';

/** Applies a delta: cards keep their place, new ones go last, `order` rules when it is given. */
export function merge(snapshot: Snapshot, delta: Delta): Snapshot {
  const cards = new Map(snapshot.cards.map((card) => [card.id, card]));
  for (const id of delta.removed) cards.delete(id);
  for (const card of delta.changed) cards.set(card.id, card);
  const ids = new Set([...(delta.order ?? []), ...cards.keys()]);
  return {
    publication: delta.publication ?? snapshot.publication,
    cards: [...ids].flatMap((id) => cards.get(id) ?? []),
  };
}

/** The same card when nothing about it is known any more: who it is stays, how it is does not. */
export function silenced(card: Card): Card {
  return {
    ...card,
    state: 'unknown',
    activity: null,
    isOutOfOffice: false,
    custom: '',
    customLabels: {},
    note: '',
    isReachable: false,
    reason: 'unknown',
    nextReachable: '',
    modalities: card.modalities.map((modality) => ({ ...modality, isEnabled: false })),
    members: card.members.map(silenced),
  };
}
