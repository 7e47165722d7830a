/** The mock's presence profiles, client profiles, and what a user chose. Calls follow at once. */
import { idOf, kept } from './mock-company.mjs';
import { Refused } from './mock-problem.mjs';

const NO_CHOICES = { do_not_disturb: null, forwarding: null, rings: null };
const BUILT_IN = [
  ['available', 'Available', 'Verfügbar', true],
  ['away', 'Away', 'Abwesend', false],
  ['comfort', 'Comfort', 'Kurze Pause', false],
  ['in_a_meeting', 'In a Meeting', 'In einer Besprechung', false],
  ['in_the_office', 'In the Office', 'Im Büro', true],
  ['lunch', 'Lunch', 'Mittagspause', false],
  ['on_holiday', 'On Holiday', 'Im Urlaub', false],
  ['on_the_road', 'On the Road', 'Unterwegs', true],
  ['out_of_the_office', 'Out of the Office', 'Außer Haus', false],
  ['working_from_home', 'Working from Home', 'Im Homeoffice', true],
  ['working_remotely', 'Working Remotely', 'Mobiles Arbeiten', true],
];

/** A presence profile as the gateway shows it. */
export function profileOf(id, fields) {
  const { status = 'available', absence = 'away' } = fields;
  const isAvailable = status === 'available';
  return {
    activity: null,
    labels: {},
    calls: NO_CHOICES,
    is_built_in: false,
    ...fields,
    id,
    status,
    absence,
    availability: isAvailable ? 'available' : absence,
    colour: isAvailable ? 'available' : 'away',
    colour_in_call: isAvailable ? 'busy' : 'away',
  };
}

const builtIn = ([code, name, de, isAvailable]) =>
  profileOf(code, {
    ...kept(code),
    created_at: null,
    updated_at: null,
    revision: 0,
    name,
    labels: { de },
    status: isAvailable ? 'available' : 'unavailable',
    absence: code === 'in_a_meeting' ? 'do_not_disturb' : 'away',
    is_built_in: true,
  });

const DEFAULT_CLIENT = {
  ...kept('default'),
  created_at: null,
  updated_at: null,
  revision: 0,
  name: 'Default',
  is_built_in: true,
  may_select_presence: true,
  may_override_profiles: true,
  may_control_agent_status: true,
  may_control_queues: true,
};

export class MockProfiles {
  #made = 0;
  /** What is not as usual about the user's profile and calls; scenarios order it. */
  own = { is_fixed: true };
  calls = {};
  #overrides = [];
  #kinds = { presence_profiles: BUILT_IN.map(builtIn), client_profiles: [DEFAULT_CLIENT] };

  /** A tenant has made this profile before. */
  add(kind, item) {
    this.#kinds[kind].push(item);
  }

  answer(method, path, { body, headers }) {
    const [, kind, id] =
      /^\/tenants\/[^/]+\/(presence_profiles|client_profiles)(?:\/([^/]+))?$/.exec(path) ?? [];
    if (kind) return this.#object(kind, id, method, { body, headers });
    const [, what, of] =
      /\/users\/[^/]+\/(profile|profile_overrides|call_settings)(?:\/([^/]+))?$/.exec(path) ?? [];
    if (what === 'profile') return { body: this.#profile(method, body) };
    if (what === 'profile_overrides') return this.#override(method, of, body);
    if (what === 'call_settings') return { body: this.#settings() };
    return undefined;
  }

  #object(kind, id, method, { body, headers }) {
    const all = this.#kinds[kind];
    const shown = (item) => (kind === 'client_profiles' ? item : profileOf(item.id, item));
    if (!id && method === 'GET') return { body: { items: all } };
    const isTaken = all.some((one) => one.id !== id && one.name === body?.name);
    if (isTaken) throw new Refused(409, `The name \`${body.name}\` is already taken.`);
    if (!id) {
      this.#made += 1;
      const item = shown({ ...kept(idOf('P', this.#made)), is_built_in: false, ...body });
      all.push(item);
      return { status: 201, body: item, headers: { etag: '"1"' } };
    }
    const item = all.find((one) => one.id === id);
    if (!item) throw new Refused(404, 'There is no such object.');
    if (method === 'DELETE') {
      this.#kinds[kind] = all.filter((one) => one !== item);
      return { status: 204 };
    }
    if (method === 'PATCH') {
      if (headers['if-match'] !== `"${item.revision}"`) {
        throw new Refused(412, 'The object changed since you read it: read it again.');
      }
      Object.assign(item, shown({ ...item, ...body }), { revision: item.revision + 1 });
    }
    return { body: item, headers: { etag: `"${item.revision}"` } };
  }

  #profile(method, body) {
    if (method === 'PUT') {
      const selected_at = new Date().toISOString();
      Object.assign(this.own, { message_expires_at: null, selected_at, ...body });
    }
    const of = this.own.profile ?? 'available';
    const { name, labels, status, colour } = this.#kinds.presence_profiles.find(
      ({ id }) => id === of,
    );
    return {
      selected_at: null,
      may_select: !this.own.is_fixed,
      may_override: !this.own.is_fixed,
      mode: 'passive',
      contact: idOf('C', 0),
      message: null,
      message_expires_at: null,
      is_fixed: true,
      ...this.own,
      profile: of,
      name,
      labels,
      status,
      colour,
    };
  }

  #override(method, of, body) {
    if (method === 'GET') return { body: { items: this.#overrides } };
    this.#overrides = this.#overrides.filter(({ profile }) => profile !== of);
    if (method === 'PUT') this.#overrides.push({ ...NO_CHOICES, ...body, profile: of });
    return { status: 204 };
  }

  #settings() {
    const { profile = 'available' } = this.own;
    const found = this.#kinds.presence_profiles.find(({ id }) => id === profile);
    return {
      do_not_disturb: found.status === 'unavailable',
      forwarding: { kind: 'off' },
      rings: [],
      forward_on_busy: null,
      forward_on_no_answer: null,
      state: 'applied',
      problem: null,
      attempts: 0,
      next_try_at: null,
      profile,
      is_meeting: false,
      applied_at: null,
      extension_list: null,
      ...this.calls,
    };
  }
}
