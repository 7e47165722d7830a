import { describe, expect, it } from 'vitest';
import { DEFAULT_RULES } from '../../../data/presence';
import {
  type Availability,
  byHand,
  type Change,
  type Claim,
  type ClaimKind,
  type ClaimPart,
  LEVERS,
  PARTS,
  type Why,
  WINNERS,
} from '../../../data/why';
import { LANGUAGES, type Language } from '../../../i18n/catalogue';
import { wordsOf } from '../../../i18n/context';
import { de } from '../../../i18n/de';
import { en } from '../../../i18n/en';
import {
  changeTexts,
  claimText,
  endOf,
  ruleText,
  type Speaker,
  saidText,
  timesText,
  turnText,
} from './sentences';

const CATALOGUES = { en, de };
const AT = '2026-11-27T10:00:00Z';

function speak(language: Language = 'en'): Speaker {
  const { t } = wordsOf(language, CATALOGUES[language]);
  return { t, language, locale: language, now: Date.now() };
}

function claim(kind: ClaimKind, availability: Availability, fields: Partial<Claim> = {}): Claim {
  return {
    contact: 'C',
    kind,
    source: 'pbx',
    device: '',
    version: 1,
    availability,
    activity: null,
    is_out_of_office: false,
    is_tentative: false,
    is_ringing: false,
    is_repeated: false,
    custom: null,
    since: AT,
    heard_at: AT,
    expires_at: null,
    ...fields,
  };
}

function part(one: Claim, of: ClaimPart['part'], fields: Partial<ClaimPart> = {}): ClaimPart {
  const times = { age_seconds: 7200, heard_seconds_ago: 30, expires_in_seconds: 600 };
  return { claim: one, part: of, ...times, ...fields };
}

function change(lever: Change['lever'], to: Availability, fields: Partial<Change> = {}): Change {
  // biome-ignore lint/suspicious/noThenProperty: it is the gateway's word for what is shown then
  return { lever, claim: null, ends: null, then: to, ...fields };
}

function why(fields: Partial<Why> = {}): Why {
  const presence = {
    availability: 'busy' as const,
    activity: null,
    is_out_of_office: false,
    custom: null,
    since: null,
    decided_by: null,
    valid_until: null,
  };
  const none = { claims: [], turns: [], would_change: [], changes: [] };
  return {
    at: AT,
    presence,
    rule: 'call',
    rules: DEFAULT_RULES,
    is_hybrid: false,
    staff: null,
    ...none,
    ...fields,
  };
}

const PHONE = claim('telephone', 'busy', { device: '4711', activity: 'on_the_phone' });

describe('the rule that won', () => {
  it.each(LANGUAGES)('has a sentence of its own for each in %s', (language) => {
    const texts = WINNERS.map(
      (rule) => ruleText(speak(language), why({ rule, claims: [part(PHONE, 'decides')] }), true)[0],
    );

    expect(new Set(texts).size).toBe(WINNERS.length);
    for (const text of texts) expect(text).toMatch(/^[A-ZÄÖÜ].*\.$/);
  });

  it.each([
    ['own_word', 'An own word is given. It is what counts first, whatever devices say.'],
    [
      'best_device',
      'There is no own word. Of all devices the most available one decides: Telephone (pbx, 4711).',
    ],
    [
      'idle_telephone',
      'There is no own word, and no computer, mobile or other device is known. So the most available telephone that is not in a call decides: Telephone (pbx, 4711).',
    ],
    ['nothing_known', 'No source that counts says anything now, so nothing is known.'],
    [
      'platform',
      'A platform says that the contact is not free, and that goes before the rest: Telephone (pbx, 4711).',
    ],
    [
      'calendar',
      'There is an appointment now, and that goes before the rest: Telephone (pbx, 4711).',
    ],
    ['call', 'There is a call now, and that goes before the rest: Telephone (pbx, 4711).'],
    [
      'silence',
      'A source fell silent, and what it said last was less available than what is left. Silence makes nobody more available, so the state counts as unknown.',
    ],
    [
      'service',
      'No source says anything about this service itself. It shows the best state of the people who staff it.',
    ],
  ] as const)('%s', (rule, text) => {
    const said = ruleText(speak(), why({ rule, claims: [part(PHONE, 'decides')] }), true);

    expect(said).toEqual([text]);
  });

  it('follows what the rules make of a call, and who staffs a service', () => {
    const claims = [part(PHONE, 'decides')];
    const first = (fields: Partial<Why>, isStaffed = false): string | undefined =>
      ruleText(speak(), why({ claims, ...fields }), isStaffed)[0];
    const [quiet, none] = (['do_not_disturb', 'ignored'] as const).map((calls) => ({
      rules: { ...DEFAULT_RULES, calls },
    }));

    expect(first({ rule: 'call', ...quiet })).toMatch(/^There is a call now, and by your rules/);
    expect(first({ rule: 'idle_telephone', ...none })).toMatch(/calls change nothing by your rule/);
    expect(first({ rule: 'service' })).toMatch(/no group staffs it/);
  });

  it('counts those who staff a service, whether they decide or not', () => {
    const states = [
      { availability: 'inactive' as const, persons: 1 },
      { availability: 'busy' as const, persons: 1200 },
    ];
    const said = (decides: boolean, counted = states): string | undefined =>
      ruleText(speak(), why({ staff: { group: 'G', decides, states: counted } }), true)[1];

    expect(said(true)).toBe('Those who staff it: Inactive 1 and Busy 1,200.');
    expect(said(false)).toMatch(/^What is said about the service itself goes before .*1,200\.$/);
    expect(said(true, [])).toBe('Nobody who is in service staffs it.');
  });

  it('says what lies below, unless that would be the same, and who marks out of office', () => {
    const own = claim('manual', 'available', { source: 'manual' });
    const mark = claim('manual', 'unknown', { source: 'out_of_office', is_out_of_office: true });
    const claims = [part(PHONE, 'decides'), part(own, 'covered'), part(mark, 'marks')];

    expect(ruleText(speak(), why({ claims }), false).slice(1)).toEqual([
      'Without that it would be “Available”, which is said by: Own word.',
      'It is marked as out of office by: Out of office, set by hand. That changes nothing about the state.',
    ]);
    const same = part({ ...own, availability: 'busy' }, 'covered');
    expect(ruleText(speak(), why({ claims: [part(PHONE, 'decides'), same] }), false)).toHaveLength(
      1,
    );
  });
});

describe('a claim', () => {
  it.each(LANGUAGES)('has a word and a sentence for each part in %s', (language) => {
    const { t } = speak(language);
    const words = PARTS.map((one) => t(`why.part.${one}`));
    const texts = PARTS.map((one) => t(`why.part.${one}.text`));

    expect(new Set(words).size).toBe(PARTS.length);
    expect(new Set(texts).size).toBe(PARTS.length);
    for (const text of texts) expect(text).toMatch(/\.$/);
  });

  it('is named by kind, source and device, without the user of the program', () => {
    const named = (fields: Partial<Claim>): string =>
      claimText(speak('de'), { ...PHONE, ...fields });

    expect(named({})).toBe('Telefon (pbx, 4711)');
    expect(named({ device: '', source: '01M000000000000000000TENA1/crm/eu' })).toBe(
      'Telefon (crm/eu)',
    );
    const id = '01M000000000000000000TENA1';
    const known = { ...speak(), sourceName: (one: string) => (one === id ? 'Teams' : undefined) };
    expect(claimText(known, { ...PHONE, kind: 'platform', source: id, device: '' })).toBe(
      'Platform (Teams)',
    );
    expect(named({ kind: 'manual', source: 'manual' })).toBe('Eigene Angabe');
    expect(named({ kind: 'manual', source: 'out_of_office' })).toBe('Außer Haus, von Hand gesetzt');
  });

  it('says a named state before an activity before a state', () => {
    expect(saidText(speak(), { ...PHONE, custom: 'Coffee break' })).toBe('Coffee break');
    expect(saidText(speak(), PHONE)).toBe('On the phone');
    expect(saidText(speak(), { ...PHONE, activity: null })).toBe('Busy');
  });

  it('tells its age, when it was heard and its end by the clock of the gateway', () => {
    const ended = new Date(Date.now() - 300_000).toISOString();
    const times = (one: ClaimPart): string[] => timesText(speak(), one).slice(1);
    const silent = part({ ...PHONE, expires_at: ended }, 'silent', { expires_in_seconds: 0 });
    const own = part(claim('manual', 'away'), 'decides', { expires_in_seconds: null });

    expect(timesText(speak(), part(PHONE, 'decides'))[0]).toMatch(/^since .*, 2 hours ago$/);
    expect(times(part(PHONE, 'decides'))).toEqual([
      'last heard 30 seconds ago',
      expect.stringMatching(/^ends in (10|9) minutes$/),
    ]);
    expect(times(silent).at(-1)).toBe('ended 5 minutes ago');
    expect(times(own)).toEqual(['stays until it is taken back']);
  });
});

describe('what it turns to', () => {
  it('says when, to what, and what decides then', () => {
    const turn = {
      at: '2026-11-27T10:30:00Z',
      availability: 'away',
      decided_by: 'mobile',
    } as const;

    expect(turnText(speak(), { at: AT }, turn)).toMatch(
      /, in (30|29) minutes: “Away”\. Then this decides: Mobile\.$/,
    );
    const open = { ...turn, decided_by: null };
    expect(turnText(speak(), { at: AT }, open)).toMatch(/“Away”\.$/);
    expect(turnText(speak(), { at: AT }, { ...open, availability: 'unknown' })).toMatch(
      /“Unknown”\. Then nothing certain is known\.$/,
    );
  });
});

describe('an end', () => {
  it('is the moment that was said, unless the rules end it before', () => {
    const said = '2026-11-27T11:00:00Z';

    expect(endOf(AT, said, 3599)).toBe(said);
    expect(endOf(AT, said, 1800)).toBe('2026-11-27T10:30:00.000Z');
    expect(endOf(AT, null, 1800)).toBe('2026-11-27T10:30:00.000Z');
    expect(endOf(AT, null, null)).toBeNull();
  });
});

describe('what would change it', () => {
  const own = claim('manual', 'available', { source: 'manual' });
  const EXAMPLES: Record<Change['lever'], [Change, string]> = {
    manual_claim: [
      change('manual_claim', 'busy', { claim: own }),
      'With the own word “Available” it would be “Busy”.',
    ],
    manual_reset: [
      change('manual_reset', 'away', { ends: own }),
      'If the own word is taken back, it would be “Away”.',
    ],
    device_claim: [
      change('device_claim', 'offline', { claim: claim('mobile', 'offline') }),
      'If “Offline” is said by Mobile (pbx), it would be “Offline”.',
    ],
    end_of_occupation: [
      change('end_of_occupation', 'available', { ends: PHONE }),
      'When this ends, it would be “Available”: Telephone (pbx, 4711).',
    ],
    calendar_busy: [change('calendar_busy', 'busy'), 'With an appointment it would be “Busy”.'],
    call: [change('call', 'do_not_disturb'), 'With a call it would be “Do not disturb”.'],
    source_speaks: [
      change('source_speaks', 'away', { claim: claim('computer', 'away') }),
      'If “Away” is said again by Computer (pbx), it would be “Away”.',
    ],
  };

  it.each(LEVERS)('by %s', (lever) => {
    const [one, text] = EXAMPLES[lever];

    expect(changeTexts(speak(), [one])).toEqual([text]);
    const [german] = changeTexts(speak('de'), [one]);
    expect(german).toMatch(/^[A-ZÄÖÜ].*[„“].*\.$/);
    expect(german).not.toBe(text);
  });

  it('names no source where the gateway made one up', () => {
    const one = change('device_claim', 'away', {
      claim: claim('computer', 'away', { source: 'example' }),
    });

    expect(changeTexts(speak(), [one])).toEqual(['If a computer says “Away”, it would be “Away”.']);
  });

  it('puts own words that are shown as they are given into one sentence', () => {
    const words = (['busy', 'away'] as const).map((state) =>
      change('manual_claim', state, { claim: { ...own, availability: state } }),
    );

    expect(changeTexts(speak(), [...words, change('call', 'busy')])).toEqual([
      'An own word – Busy or Away – would be shown at once.',
      'With a call it would be “Busy”.',
    ]);
  });
});

describe('what is said by hand', () => {
  it('is told apart from the mark, and not from what has expired', () => {
    const word = part(claim('manual', 'away', { source: 'manual' }), 'overruled');
    const mark = part(claim('manual', 'unknown', { source: 'out_of_office' }), 'marks');

    expect(byHand({ claims: [part(PHONE, 'decides'), mark, word] })).toEqual({ word, mark });
    expect(byHand({ claims: [{ ...word, part: 'expired' }] })).toEqual({ word: null, mark: null });
  });
});
