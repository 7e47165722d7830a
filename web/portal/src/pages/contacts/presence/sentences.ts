import { LABELS, type Language, stateOf } from '@switchboard/presence';
import type {
  Availability,
  Change,
  Claim,
  ClaimName,
  ClaimPart,
  Turn,
  Why,
} from '../../../data/why';
import type { Translate } from '../../../i18n/catalogue';

/** Who words what the gateway says in codes and moments. */
export interface Speaker {
  t: Translate;
  language: Language;
  locale: string;
  /** Milliseconds since 1970, by the clock that `ago` is told by. */
  now: number;
  /** What a source of the tenant is called that is known by its identity. */
  sourceName?: (id: string) => string | undefined;
}

/** The source of the gateway's examples, which is none. */
const EXAMPLE = 'example';
/** Claims of programs name their user's identity first, as in `<user>/<source>`. */
const OF_PROGRAM = /^[0-9A-HJKMNP-TV-Z]{26}\//;

/** A state in words. */
export function stateText({ language }: Speaker, availability: Availability): string {
  return LABELS[language][stateOf(availability)];
}

/** What a claim says: its named state, its activity, or its state. */
export function saidText(speaker: Speaker, claim: Claim): string {
  if (claim.custom) return claim.custom;
  if (claim.activity) return LABELS[speaker.language][claim.activity];
  return stateText(speaker, claim.availability);
}

/** A source by its name, or without the user whose program says it. */
export function sourceText(source: string, sourceName?: Speaker['sourceName']): string {
  return sourceName?.(source) ?? source.replace(OF_PROGRAM, '');
}

/** Which claim it is. */
export function claimText(
  speaker: Speaker,
  { kind, source, device, custom }: ClaimName & { custom?: string | null },
): string {
  const { t, sourceName } = speaker;
  const name = sourceText(source, sourceName);
  if (kind === 'manual') return t(name === 'out_of_office' ? 'why.mark' : 'why.own_word');
  if (kind === 'profile') {
    if (source === 'no_client') return t('why.profile.fixed');
    return custom ? t('why.profile', { name: custom }) : t('why.profile.default');
  }
  const words = { kind: t(`claim_kind.${kind}`), source: name };
  return device ? t('why.claim.device', { ...words, device }) : t('why.claim', words);
}

/** Which rule won, and what would have been without it. */
export function ruleText(speaker: Speaker, why: Why, isStaffed: boolean): string[] {
  const { t } = speaker;
  const partsOf = (part: ClaimPart['part']): Claim[] =>
    why.claims.filter((one) => one.part === part).map(({ claim }) => claim);
  const [below] = partsOf('covered');
  const marks = partsOf('marks').map((claim) => claimText(speaker, claim));
  return [
    winnerText(speaker, why, isStaffed),
    ...(below && below.availability !== why.presence.availability
      ? [
          t('why.below', {
            state: stateText(speaker, below.availability),
            claim: claimText(speaker, below),
          }),
        ]
      : []),
    ...(why.staff ? [staffText(speaker, why.staff)] : []),
    ...(marks.length > 0 ? [t('why.marks', { claims: listText(speaker, marks) })] : []),
  ];
}

/** What those who staff a service show. */
function staffText(speaker: Speaker, { decides, states }: NonNullable<Why['staff']>): string {
  const { t, locale } = speaker;
  if (states.length === 0) return t('why.staff.none');
  const counted = states.map(
    ({ availability, persons }) =>
      `${stateText(speaker, availability)} ${persons.toLocaleString(locale)}`,
  );
  return t(decides ? 'why.staff' : 'why.staff.below', { states: listText(speaker, counted) });
}

function winnerText(speaker: Speaker, { rule, rules, claims }: Why, isStaffed: boolean): string {
  const { t } = speaker;
  const decider = claims.find(({ part }) => part === 'decides')?.claim;
  const claim = decider ? claimText(speaker, decider) : t('value.none');
  switch (rule) {
    case 'own_word':
    case 'nothing_known':
    case 'silence':
      return t(`why.rule.${rule}`);
    case 'service':
      return t(isStaffed ? 'why.rule.service_staffed' : 'why.rule.service_alone');
    case 'idle_telephone':
      return rules.calls === 'ignored'
        ? t('why.rule.any_telephone', { claim })
        : t('why.rule.idle_telephone', { claim });
    case 'call':
      return rules.calls === 'do_not_disturb'
        ? t('why.rule.quiet_call', { claim })
        : t('why.rule.call', { claim });
    default:
      return t(`why.rule.${rule}`, { claim });
  }
}

/** Since when a claim holds, when it was last heard, and when it ends. */
export function timesText(speaker: Speaker, one: ClaimPart): string[] {
  const { t } = speaker;
  const { claim, age_seconds, heard_seconds_ago, expires_in_seconds: rest } = one;
  // Seconds are told as they were at the gateway, whatever the clock here says.
  const ends = (): string => {
    if (rest === null) return t('why.stays');
    if (rest > 0) return t('why.ends', { at: momentIn(speaker, rest) });
    // What is over has no seconds left; since when, its own end says.
    return claim.expires_at ? t('why.ended', { at: claim.expires_at }) : '';
  };
  return [
    t('why.since', { at: claim.since, for: momentIn(speaker, -age_seconds) }),
    claim.kind === 'manual' || claim.kind === 'profile'
      ? ''
      : t('why.heard', { at: momentIn(speaker, -heard_seconds_ago) }),
    ends(),
  ].filter(Boolean);
}

/**
 * When a claim ends that has `rest` seconds left at `at`: when it says, unless the rules end it
 * before. Whole seconds are not exact enough to say the minute.
 */
export function endOf(at: string, said: string | null, rest: number | null): string | null {
  if (rest === null) return null;
  const end = Date.parse(at) + rest * 1000;
  const isSaid = said !== null && Math.abs(Date.parse(said) - end) < 2000;
  return isSaid ? said : new Date(end).toISOString();
}

/** What the contact turns to by itself, and when. */
export function turnText(speaker: Speaker, why: Pick<Why, 'at'>, turn: Turn): string {
  const { t } = speaker;
  const left = (Date.parse(turn.at) - Date.parse(why.at)) / 1000;
  const words = {
    at: turn.at,
    in: momentIn(speaker, left),
    state: stateText(speaker, turn.availability),
  };
  if (turn.decided_by) {
    return t('why.turn.by', { ...words, kind: t(`claim_kind.${turn.decided_by}`) });
  }
  // A service may be there without anybody who says so.
  return t(turn.availability === 'unknown' ? 'why.turn.open' : 'why.turn.plain', words);
}

/** What would change it. Own words that are shown as they are given come to one sentence. */
export function changeTexts(speaker: Speaker, changes: readonly Change[]): string[] {
  const isPlain = ({ lever, claim, then }: Change): boolean =>
    lever === 'manual_claim' && claim?.availability === then;
  const plain = changes.filter(isPlain).map(({ then }) => stateText(speaker, then));
  const states = listText(speaker, plain, 'disjunction');
  return [
    ...(plain.length > 0 ? [speaker.t('why.change.manual_claims', { states })] : []),
    ...changes.filter((change) => !isPlain(change)).map((change) => changeText(speaker, change)),
  ];
}

function changeText(speaker: Speaker, change: Change): string {
  const { t } = speaker;
  const { lever, claim, ends } = change;
  const then = stateText(speaker, change.then);
  const said = claim ? stateText(speaker, claim.availability) : '';
  const about = ends ?? claim;
  const name = about ? claimText(speaker, about) : '';
  switch (lever) {
    case 'manual_claim':
      return t('why.change.manual_claim', { said, then });
    case 'device_claim':
      return claim?.source === EXAMPLE
        ? t('why.change.new_device', { said, then })
        : t('why.change.device_claim', { said, claim: name, then });
    case 'end_of_occupation':
      return t('why.change.end_of_occupation', { claim: name, then });
    case 'source_speaks':
      return t('why.change.source_speaks', { said, claim: name, then });
    default:
      return t(`why.change.${lever}`, { then });
  }
}

/** Words one after another, as the language lists them. */
export function listText(
  { locale }: Speaker,
  words: readonly string[],
  type: 'conjunction' | 'disjunction' = 'conjunction',
): string {
  return new Intl.ListFormat(locale, { type }).format(words);
}

/** The moment `seconds` from now, as messages take it. */
function momentIn({ now }: Speaker, seconds: number): string {
  return new Date(now + seconds * 1000).toISOString();
}
