/**
 * The mock's presence: own words, out of office, notes, rules and named states. What is said about a
 * contact is merged in a small way only; scenarios order the rest with `say`.
 */
import { idOf, kept } from './mock-company.mjs';
import { fold } from './mock-names.mjs';
import { Refused } from './mock-problem.mjs';

const STATES = 'available busy away do_not_disturb be_right_back inactive offline unknown'.split(
  ' ',
);
/** Most available first, as the gateway counts. */
const ORDER = 'available inactive busy do_not_disturb be_right_back away offline unknown'.split(
  ' ',
);
const LYNC = { available: 3500, inactive: 5000, busy: 6500, do_not_disturb: 9500 };
const LYNC_AWAY = { be_right_back: 12500, away: 15500, offline: 18500 };
const MINUTE = 60_000;
const MAX_NOTES = 20;
const MAX_STATES = 100;

const RULES = {
  ignored_kinds: [],
  precedence: ['platform', 'calendar', 'call'],
  is_tentative_busy: false,
  calls: 'as_said',
  manual_yields_to: ['calendar', 'call'],
  manual_resets: [],
  manual_hours: null,
  grace_seconds: 60,
  silence_minutes: 120,
  low_lync_numbers: 'unknown',
};

const ago = (minutes) => new Date(Date.now() - minutes * MINUTE).toISOString();

function refuse(field, value, rule) {
  const fields = [{ field, value: String(value), message: 'is refused', rule }];
  return new Refused(422, `\`${field}\` is refused.`, { fields });
}

/** A claim as the gateway tells it; `minutes` since when it holds, `left` how many it still counts. */
export function claimOf(kind, availability, { minutes = 25, left = 1, ...fields } = {}) {
  return {
    contact: idOf('C', 0),
    kind,
    source: 'pbx',
    device: '',
    version: 1,
    availability,
    activity: null,
    is_out_of_office: false,
    is_tentative: false,
    is_ringing: false,
    is_repeated: kind !== 'manual' && kind !== 'calendar',
    custom: null,
    since: ago(minutes),
    heard_at: ago(Math.min(minutes, 1)),
    expires_at: left === null ? null : ago(-left),
    ...fields,
  };
}

/** A claim with its part, as `why` lists it. */
export function partOf(claim, part) {
  const seconds = (from, to) => Math.max(0, Math.round((to - from) / 1000));
  return {
    claim,
    part,
    age_seconds: seconds(Date.parse(claim.since), Date.now()),
    heard_seconds_ago: seconds(Date.parse(claim.heard_at), Date.now()),
    expires_in_seconds:
      claim.expires_at === null ? null : seconds(Date.now(), Date.parse(claim.expires_at)),
  };
}

/** What would change the result, and to what. */
export function changeOf(lever, state, { claim = null, ends = null } = {}) {
  // biome-ignore lint/suspicious/noThenProperty: it is the gateway's word for what is shown then
  return { lever, claim, ends, then: state };
}

export class MockPresence {
  #made = 0;
  #rules = new Map();
  #notes = new Map();
  /** What sources note beside the state of contacts, by contact. */
  notesOfSources = new Map();
  #byHand = new Map();
  #said = new Map();
  #lookers = new Set();

  constructor(company) {
    this.company = company;
  }

  /** Orders what is known about a contact beside its own words: parts of `why` in place of a computer's. */
  say(contact, said) {
    this.#said.set(contact, said);
    this.#tellAll();
  }

  #tellAll() {
    for (const wake of this.#lookers) wake();
    this.#lookers.clear();
  }

  /** A stream about contacts: a snapshot, and whatever is different after each change. */
  async *#look(tenant, contacts) {
    const view = (contact) => this.#colleague(tenant, contact);
    const known = contacts.filter((contact) => this.#contact(tenant, contact));
    const told = new Map(known.map((contact) => [contact, JSON.stringify(view(contact))]));
    yield ['snapshot', { v: 1, at: ago(0), contacts: known.map(view) }];
    for (;;) {
      await new Promise((wake) => {
        this.#lookers.add(wake);
        setTimeout(wake, 15_000).unref();
      });
      const removed = [...told.keys()].filter((contact) => !this.#contact(tenant, contact));
      for (const contact of removed) told.delete(contact);
      const changed = [...told.keys()].filter(
        (contact) => told.get(contact) !== JSON.stringify(view(contact)),
      );
      for (const contact of changed) told.set(contact, JSON.stringify(view(contact)));
      yield changed.length || removed.length
        ? ['delta', { v: 1, at: ago(0), changed: changed.map(view), removed }]
        : ['ping', {}];
    }
  }

  #colleague(tenant, contact) {
    return {
      id: contact,
      level: 'team',
      may_set: true,
      ...this.#view(tenant, contact),
      notes: (this.#notes.get(contact) ?? []).map(({ text }) => text),
      appointments: [],
      next_reachable: null,
    };
  }

  /** The state that a contact shows. */
  availability(tenant, contact) {
    return this.#view(tenant, contact).availability;
  }

  /** Changes the rules as somebody else would. */
  changeRules(tenant, fields) {
    const rules = this.#rulesOf(tenant);
    Object.assign(rules, fields, { revision: rules.revision + 1, updated_at: ago(0) });
  }

  answer(method, path, { body, headers, query }) {
    const [, tenant, rest] = /^(\/tenants\/[^/]+)\/(.*)$/.exec(path) ?? [];
    if (!tenant) return undefined;
    if (rest === 'presence/stream') {
      return { stream: this.#look(tenant, (query.get('contacts') ?? '').split(',')) };
    }
    if (rest === 'presence_rules') return this.#answerRules(method, tenant, body, headers);
    if (/^custom_states(\/|$)/.test(rest)) {
      return this.#states(method, tenant, rest.split('/')[1], { body, headers });
    }
    const [, contact, what] = /^contacts\/([^/]+)\/(.*)$/.exec(rest) ?? [];
    if (!contact) return undefined;
    if (/^notes(\/|$)/.test(what)) return this.#note(method, contact, what.split('/')[1], body);
    if (/^claims(\/|$)/.test(what)) return { status: 204 };
    if (what === 'presence') return { body: this.#view(tenant, contact) };
    if (what === 'presence/why') return { body: this.#why(tenant, contact) };
    if (what === 'presence/manual') {
      const answer = this.#manual(method, tenant, contact, body);
      this.#tellAll();
      return answer;
    }
    if (what === 'presence/out_of_office') {
      const answer = this.#away(method, contact, body);
      this.#tellAll();
      return answer;
    }
    return undefined;
  }

  #rulesOf(tenant) {
    if (!this.#rules.has(tenant)) {
      this.#rules.set(tenant, { ...RULES, revision: 0, updated_at: null });
    }
    return this.#rules.get(tenant);
  }

  #answerRules(method, tenant, body, headers) {
    const rules = this.#rulesOf(tenant);
    if (method === 'PUT') {
      checkTag(headers, rules);
      const hours = body.manual_hours ?? 1;
      if (!(hours >= 1 && hours <= 720)) {
        throw refuse('manual_hours', hours, { code: 'out_of_range', min: 1, max: 720 });
      }
      this.changeRules(tenant, { ...RULES, ...body });
    }
    return { body: rules, headers: { etag: `"${rules.revision}"` } };
  }

  #states(method, tenant, id, { body, headers }) {
    const path = `${tenant}/custom_states`;
    this.company[path] ??= [];
    const list = this.company[path];
    const checkName = (name) => {
      const isTaken = list.some((other) => other.id !== id && fold(other.name) === fold(name));
      if (isTaken) throw new Refused(409, `The name \`${name}\` is already taken.`);
    };
    if (method === 'POST') {
      if (list.length >= MAX_STATES) {
        throw refuse('name', body.name, { code: 'too_long', max: MAX_STATES, unit: 'states' });
      }
      checkName(body.name);
      this.#made += 1;
      const state = { activity: null, labels: {}, ...kept(idOf('E', this.#made)), ...body };
      list.push(state);
      return { status: 201, body: state, headers: { etag: '"1"' } };
    }
    const state = list.find((one) => one.id === id);
    if (!state) return undefined;
    if (method === 'PATCH') {
      checkTag(headers, state);
      checkName(body.name ?? state.name);
      const labels = Object.entries({ ...state.labels, ...body.labels });
      Object.assign(state, body, {
        labels: Object.fromEntries(labels.filter(([, label]) => label !== null)),
        revision: state.revision + 1,
      });
      return { body: state, headers: { etag: `"${state.revision}"` } };
    }
    if (method !== 'DELETE') return undefined;
    checkTag(headers, state);
    this.company[path] = list.filter((one) => one !== state);
    return { status: 204 };
  }

  #note(method, contact, id, body) {
    const notes = this.#notes.get(contact) ?? [];
    this.#notes.set(contact, notes);
    if (method === 'GET') {
      return { body: { items: notes, of_sources: this.notesOfSources.get(contact) ?? [] } };
    }
    if (body?.expires_at) checkFuture(body.expires_at);
    if (method === 'POST') {
      if (notes.length >= MAX_NOTES) {
        throw refuse('text', body.text, { code: 'too_long', max: MAX_NOTES, unit: 'notes' });
      }
      this.#made += 1;
      const fixed = { id: idOf('N', this.#made), source: 'manual', created_at: ago(0) };
      notes.push({ kind: 'personal', expires_at: null, ...body, ...fixed });
      return { status: 201, body: notes.at(-1) };
    }
    const note = notes.find((one) => one.id === id);
    if (!note) throw new Refused(404, 'There is no such object.');
    if (method === 'PUT') return { body: Object.assign(note, body) };
    notes.splice(notes.indexOf(note), 1);
    return { status: 204 };
  }

  #hand(contact) {
    if (!this.#byHand.has(contact)) this.#byHand.set(contact, { word: null, mark: null });
    return this.#byHand.get(contact);
  }

  #manual(method, tenant, contact, body) {
    const hand = this.#hand(contact);
    if (method === 'DELETE') {
      if (!hand.word) throw new Refused(404, 'There is no such object.');
      hand.word = null;
      return { status: 204 };
    }
    if (body.expires_at) checkFuture(body.expires_at);
    const { custom_state, expires_at = null, ...fields } = body;
    const named = this.company[`${tenant}/custom_states`]?.find(({ id }) => id === custom_state);
    if (custom_state && !named) throw refuse('custom_state', custom_state, { code: 'unknown' });
    const said = named
      ? { availability: named.availability, activity: named.activity, custom: named.name }
      : fields;
    const more = { source: 'manual', minutes: 0, ...fields, ...said };
    hand.word = { ...claimOf('manual', said.availability, more), expires_at };
    return { status: 204 };
  }

  #away(method, contact, body) {
    const hand = this.#hand(contact);
    if (body?.expires_at) checkFuture(body.expires_at);
    const fields = { source: 'out_of_office', is_out_of_office: true, minutes: 0, left: null };
    const mark = { ...claimOf('manual', 'unknown', fields), expires_at: body?.expires_at ?? null };
    hand.mark = method === 'PUT' ? mark : null;
    return { status: 204 };
  }

  /** Every claim with its part: the own word, or else the best of the others, decides. */
  #why(tenant, contact) {
    const { word, mark } = this.#hand(contact);
    const ordered = this.#said.get(contact) ?? {};
    const others = ordered.claims ?? this.#usual(tenant, contact);
    const { revision, updated_at, ...rules } = this.#rulesOf(tenant);
    const least = others.map((one) => (word && one.part === 'decides' ? 'overruled' : one.part));
    const claims = [
      ...(word ? [partOf(word, 'decides')] : []),
      ...others.map(({ claim }, at) => partOf(claim, least[at])),
      ...(mark ? [partOf(mark, 'marks')] : []),
    ];
    const decider = claims.find(({ part }) => part === 'decides')?.claim;
    const rule = word ? 'own_word' : (ordered.rule ?? (decider ? 'best_device' : 'nothing_known'));
    const presence = {
      availability: decider?.availability ?? 'unknown',
      activity: decider?.activity ?? null,
      is_out_of_office: claims.some(({ claim }) => claim.is_out_of_office),
      custom: decider?.custom ?? null,
      since: decider?.since ?? null,
      decided_by: decider?.kind ?? null,
      valid_until: decider?.expires_at ?? null,
      ...(word ? {} : ordered.presence),
    };
    const changes = [
      ...ORDER.filter((state) => state !== 'unknown' && state !== presence.availability).map(
        (state) =>
          changeOf('manual_claim', state, {
            claim: claimOf('manual', state, { source: 'manual' }),
          }),
      ),
      ...(word
        ? [changeOf('manual_reset', 'available', { ends: nameOf(word) })]
        : (ordered.changes ?? [])),
    ];
    return {
      at: ago(0),
      presence,
      rule,
      rules,
      is_hybrid: Boolean(this.#contact(tenant, contact)?.is_hybrid),
      staff: ordered.staff ?? null,
      claims,
      turns: word ? [] : (ordered.turns ?? []),
      would_change: [...new Set(changes.map(({ lever }) => lever))],
      changes,
    };
  }

  #contact(tenant, contact) {
    return this.company[`${tenant}/contacts`]?.find(({ id }) => id === contact);
  }

  #view(tenant, contact) {
    const { presence } = this.#why(tenant, contact);
    const states = this.company[`${tenant}/custom_states`] ?? [];
    const named = states.find(({ name }) => name === presence.custom);
    return {
      ...presence,
      custom_labels: named?.labels ?? {},
      lync_availability: { ...LYNC, ...LYNC_AWAY }[presence.availability] ?? null,
      lync_activity: presence.activity?.replaceAll('_', '-') ?? null,
    };
  }

  /** What a computer says of each contact, another state for each. */
  #usual(tenant, contact) {
    if (!this.#contact(tenant, contact)) throw new Refused(404, 'There is no such object.');
    const index = Number(contact.slice(-6));
    const state = STATES[index % 8];
    if (state === 'unknown') return [];
    const fields = { source: 'client', is_out_of_office: index % 9 === 4 };
    return [partOf(claimOf('computer', state, fields), 'decides')];
  }
}

function nameOf({ kind, source, device }) {
  return { kind, source, device };
}

function checkTag(headers, { revision }) {
  const tag = headers['if-match'];
  if (!tag) throw new Refused(428, 'Send the entity tag you read in `If-Match`.');
  if (tag !== `"${revision}"`) {
    throw new Refused(412, 'The object changed since you read it: read it again.');
  }
}

function checkFuture(at) {
  if (Date.parse(at) > Date.now()) return;
  throw refuse('expires_at', at, { code: 'format', expected: 'a moment in the future' });
}
