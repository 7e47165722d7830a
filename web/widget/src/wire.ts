import { type Activity, activityOf, type State, stateOf } from '@switchboard/presence';
import { list, object, text } from './json';
import { WORDS } from './locales/en';

export type ModalityKind = 'chat' | 'audio' | 'video' | 'phone' | 'mail';
export type Reason =
  | 'closed'
  | 'busy'
  | 'do_not_disturb'
  | 'away'
  | 'offline'
  | 'unknown'
  | 'nobody';

const { modality: MODALITIES, reason: REASONS } = WORDS.texts;

export type CardKind = 'person' | 'service' | 'group';

/** One way to reach somebody. */
export interface Modality {
  kind: ModalityKind;
  href: string;
  isEnabled: boolean;
}

/** What a visitor sees of one contact or group. */
export interface Card {
  id: string;
  kind: CardKind;
  name: string;
  title: string;
  company: string;
  site: string;
  picture: string;
  initials: string;
  vcard: string;
  state: State;
  activity: Activity | null;
  isOutOfOffice: boolean;
  custom: string;
  /** What the named state is called, by language. */
  customLabels: Record<string, unknown>;
  note: string;
  isReachable: boolean;
  reason: Reason | null;
  modalities: Modality[];
  nextReachable: string;
  members: Card[];
  /** The members show the result of all, not their own. */
  isShared: boolean;
}

/** What is said of the publication as a whole. */
export interface Publication {
  title: string;
  isOpen: boolean;
  opensAt: string;
  closesAt: string;
  /** Whether anybody can be reached in any way. */
  isReachable: boolean;
  nextReachable: string;
  /** What is shown while nobody can be reached. */
  whenUnreachable: string;
  /** The templates that are not built in, by kind; another word after each change. */
  templates: Record<string, unknown>;
}

/** Everything that the page shows. */
export interface Snapshot {
  publication: Publication;
  cards: Card[];
}

/** What has changed since the last event. */
export interface Delta {
  changed: Card[];
  removed: string[];
  order: string[] | null;
  publication: Publication | null;
}

/** The word, if there are words for it. */
function keyOf<T extends string>(words: Record<T, string>, value: unknown): T | null {
  return (Object.keys(words) as T[]).find((word) => word === value) ?? null;
}

/** What may stand in a link: a scheme by which people are reached, and nothing that hides. */
const SAFE_HREF = /^(?:sips?|im|skype|tel|mailto):[\x21-\x7e\xa1-\uffff]+$/i;

function modality(value: unknown): Modality[] {
  const from = object(value);
  const kind = keyOf(MODALITIES, from.kind);
  const href = text(from.href);
  return kind && SAFE_HREF.test(href) ? [{ kind, href, isEnabled: from.is_enabled === true }] : [];
}

function card(value: unknown): Card[] {
  const from = object(value);
  const id = text(from.id);
  if (!id) return [];
  return [
    {
      id,
      kind: from.kind === 'service' || from.kind === 'group' ? from.kind : 'person',
      name: text(from.name),
      title: text(from.title),
      company: text(from.company),
      site: text(from.site),
      picture: text(from.picture),
      initials: text(from.initials),
      vcard: text(from.vcard),
      state: stateOf(from.state),
      activity: activityOf(from.activity),
      isOutOfOffice: from.is_out_of_office === true,
      custom: text(from.custom),
      customLabels: object(from.custom_labels),
      note: text(from.note),
      isReachable: from.is_reachable === true,
      reason: keyOf(REASONS, from.reason),
      modalities: list(from.modalities).flatMap(modality),
      nextReachable: text(from.next_reachable),
      members: list(from.members).flatMap(card),
      isShared: from.is_shared === true,
    },
  ];
}

function publication(value: unknown): Publication {
  const from = object(value);
  return {
    title: text(from.title),
    isOpen: from.is_open !== false,
    opensAt: text(from.opens_at),
    closesAt: text(from.closes_at),
    isReachable: from.is_reachable !== false,
    nextReachable: text(from.next_reachable),
    whenUnreachable: text(from.when_unreachable),
    templates: object(from.templates),
  };
}

/** Reads a `snapshot` event; what a newer gateway adds is left out. */
export function readSnapshot(value: unknown): Snapshot {
  const from = object(value);
  return { publication: publication(from.publication), cards: list(from.cards).flatMap(card) };
}

/** Reads a `delta` event. */
export function readDelta(value: unknown): Delta {
  const from = object(value);
  return {
    changed: list(from.changed).flatMap(card),
    removed: list(from.removed).map(text),
    order: Array.isArray(from.order) ? from.order.map(text) : null,
    publication: from.publication ? publication(from.publication) : null,
  };
}
