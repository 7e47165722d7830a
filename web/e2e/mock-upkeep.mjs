/** The mock's upkeep of presence at sources: what scenarios order, and being asked anew. */
const SINCE = '2026-11-20T08:00:00Z';

const STATES = ['subscribing', 'subscribed', 'polling', 'waiting_to_retry', 'failed'];

/** A contact's subscription. */
export function upkeepOf(contact, state, fields = {}) {
  return {
    contact,
    aspect: 'presence',
    state,
    reason: null,
    since: SINCE,
    due_at: new Date(Date.now() + 90_000).toISOString(),
    expires_at: null,
    heard_at: new Date(Date.now() - 30_000).toISOString(),
    is_watched: false,
    ...fields,
  };
}

export class MockUpkeep {
  #sources = new Map();
  /** How many subscriptions the next request for asking anew is about. */
  subscriptions = 0;

  /** Orders what a source is asked for, and what stands against each aspect as a whole. */
  say(source, contacts, problems = {}) {
    this.#sources.set(source, { contacts, problems });
  }

  answer(method, path, query) {
    if (method === 'POST' && path.endsWith('/resubscribe')) {
      return { status: 202, body: { subscriptions: this.subscriptions } };
    }
    const [, source] = /\/sources\/([^/]+)\/presence$/.exec(path) ?? [];
    if (!source) return undefined;
    const { contacts, problems } = this.#sources.get(source) ?? { contacts: [], problems: {} };
    const aspects = [...new Set(contacts.map(({ aspect }) => aspect))];
    const limit = Number(query.get('limit') ?? 50);
    const from = Number(query.get('after') ?? 0);
    const next = from + limit < contacts.length ? String(from + limit) : null;
    const page = { items: contacts.slice(from, from + limit), next };
    return {
      body: { aspects: aspects.map((it) => healthOf(it, contacts, problems[it])), contacts: page },
    };
  }
}

function healthOf(aspect, contacts, problem = null) {
  const count = (state) =>
    contacts.filter((one) => one.aspect === aspect && one.state === state).length;
  return {
    aspect,
    counts: Object.fromEntries(STATES.map((state) => [state, count(state)])),
    problem,
    answered_at: problem ? null : new Date(Date.now() - 20_000).toISOString(),
    since: SINCE,
  };
}
