/** The mock's sites, groups, domains and publications: what the gateway's own rules make of changes. */
import { idOf } from './mock-company.mjs';
import { fold } from './mock-names.mjs';
import { Refused } from './mock-problem.mjs';

const KIND = /^(\/tenants\/[^/]+)\/(sites|groups|domains|publications)(?:\/([^/]+))?(?:\/(.+))?$/;
const MAX_CARDS = 500;
const MAX_DEPTH = 32;
const AT = '2026-11-20T08:00:00Z';

const EMPTY = {
  sites: {
    city: null,
    country: null,
    features: [],
    is_reachable_when_unavailable: false,
    is_enabled: true,
    number_ranges: [],
    state: null,
    street: null,
    time_zone: 'UTC',
    zip_code: null,
  },
  groups: { parent: null, root_of: null, synced_from: null, member_count: 0 },
  domains: { hosts: [], is_http_allowed: false, is_https_allowed: true },
  publications: {
    domains: [],
    is_coarse: false,
    is_group_result: false,
    is_enabled: true,
    modalities: null,
    opening_hours: null,
    site: null,
    when_unreachable: 'next_time',
    enquiries: {
      country: null,
      consent_en: null,
      consent_de: null,
      privacy_url: null,
      days: 30,
    },
    alerts: [],
  },
};

function refuse(field, rule) {
  const fields = [{ field, value: '', message: 'is refused', rule }];
  return new Refused(422, `\`${field}\` is refused.`, { fields });
}

/** What a tenant's places know about each other. */
export class Places {
  #made = 0;
  #entries = new Map();

  constructor(company) {
    this.company = company;
  }

  /** What a publication shows; the one that is there from the start shows the first contact. */
  entries(id) {
    return this.#entries.get(id) ?? (id === idOf('P', 1) ? [{ contact: idOf('C', 0) }] : []);
  }

  /** Where a contact is used: what its removal changes. */
  uses(tenant, contact) {
    const named = ({ id, name, title }) => ({ id, name: name ?? title });
    const groups = (this.company[`${tenant}/groups`] ?? []).filter(({ id }) =>
      this.company[`${tenant}/groups/${id}/members`]?.some((member) => member.id === contact),
    );
    const publications = (this.company[`${tenant}/publications`] ?? []).filter(({ id }) =>
      this.entries(id).some((entry) => entry.contact === contact),
    );
    const { home_site } = this.company[`${tenant}/contacts`].find(({ id }) => id === contact) ?? {};
    const isThere = ({ id, root_group }) =>
      id === home_site || this.#within(tenant, root_group).some((one) => groups.includes(one));
    const sites = (this.company[`${tenant}/sites`] ?? [])
      .filter(isThere)
      .map(({ id, name }) => ({ id, name, is_home: id === home_site }));
    return { groups: groups.map(named), sites, publications: publications.map(named) };
  }

  setEntries(id, entries) {
    this.#entries.set(id, entries);
  }

  /** The answer, or undefined when it is like that of every other kind. */
  answer(method, path, { body, headers }) {
    const [, tenant, kind, id, rest] = KIND.exec(path) ?? [];
    if (!kind) return undefined;
    const all = this.company[`${tenant}/${kind}`];
    if (!all) throw new Refused(404, 'There is no such object.');
    if (!id && method === 'POST') return this.#create(tenant, kind, body);
    if (!id) {
      const name = kind === 'sites' || kind === 'groups' ? 'name' : 'title';
      all.sort((a, b) => (fold(a[name]) < fold(b[name]) ? -1 : 1));
      return undefined;
    }
    const item = all.find((one) => one.id === id);
    if (!item) throw new Refused(404, 'There is no such object.');
    if (rest === 'members') this.company[path] ??= [];
    if (rest?.startsWith('members/')) return this.#member(method, tenant, item, rest.slice(8));
    if (rest === 'entries') return this.#showing(method, tenant, item, body, headers);
    if (rest === 'key/rotate') {
      Object.assign(item, { key: `key-${item.revision + 1}`, revision: item.revision + 1 });
      return { body: item };
    }
    if (rest) return undefined;
    if (method === 'PATCH') this.#check(tenant, kind, { ...item, ...body }, item);
    if (method === 'DELETE') return this.#remove(tenant, kind, item, headers);
    return undefined;
  }

  #create(tenant, kind, body) {
    this.#made += 1;
    const id = idOf(`N${kind[0].toUpperCase()}`, this.#made);
    const kept = { id, revision: 1, created_at: AT, updated_at: AT };
    const item = { ...EMPTY[kind], ...body, ...kept };
    this.#check(tenant, kind, item);
    if (kind === 'publications') item.key = `key-${this.#made}`;
    if (kind === 'sites') {
      const root = { ...EMPTY.groups, ...kept, id: idOf('NR', this.#made), name: item.name };
      item.root_group = root.id;
      this.company[`${tenant}/groups`].push({ ...root, root_of: id });
      this.company[`${tenant}/groups/${root.id}/members`] = [];
    }
    if (kind === 'groups') this.company[`${tenant}/groups/${id}/members`] = [];
    this.company[`${tenant}/${kind}`].push(item);
    return { status: 201, body: item, headers: { etag: '"1"' } };
  }

  #check(tenant, kind, item, before) {
    const name = 'title' in item ? 'title' : 'name';
    const all = this.company[`${tenant}/${kind}`];
    if (before && kind === 'groups') {
      if (item.name !== before.name) throw refuse('name', { code: 'fixed' });
      if (before.root_of && item.parent) throw refuse('parent', { code: 'fixed' });
      const below = this.#within(tenant, item.id);
      if (below.some(({ id }) => id === item.parent)) throw refuse('parent', { code: 'cycle' });
      if (this.#depth(tenant, item.parent) >= MAX_DEPTH) {
        throw refuse('parent', { code: 'too_long', max: MAX_DEPTH, unit: 'levels' });
      }
    }
    const isTaken = all.some(
      (other) =>
        other.id !== item.id &&
        fold(other[name]) === fold(item[name]) &&
        (kind !== 'groups' || (other.parent === item.parent && !other.root_of)),
    );
    if (isTaken) throw new Refused(409, `The ${name} \`${item[name]}\` is already taken.`);
  }

  /** How many levels there are down to a group; none at the top. */
  #depth(tenant, id) {
    const group = this.company[`${tenant}/groups`].find((one) => one.id === id);
    return group ? 1 + this.#depth(tenant, group.parent) : 0;
  }

  #within(tenant, id) {
    const all = this.company[`${tenant}/groups`];
    const found = all.filter((group) => group.id === id);
    for (const group of found) found.push(...all.filter(({ parent }) => parent === group.id));
    return found;
  }

  #member(method, tenant, group, id) {
    const path = `${tenant}/groups/${group.id}/members`;
    const contact = this.company[`${tenant}/contacts`].find((one) => one.id === id);
    if (!contact) throw new Refused(404, 'There is no such object.');
    const without = (this.company[path] ?? []).filter((one) => one !== contact);
    if (method === 'DELETE' && contact.home_site && contact.home_site === group.root_of) {
      throw refuse('contact', { code: 'fixed' });
    }
    this.company[path] = method === 'PUT' ? [...without, contact] : without;
    group.member_count = this.company[path].length;
    return { status: 204 };
  }

  #showing(method, tenant, item, body, headers) {
    if (method === 'GET') return { body: { entries: this.entries(item.id) } };
    const tag = headers['if-match'];
    if (tag && tag !== `"${item.revision}"`) {
      throw new Refused(412, 'The object changed since you read it: read it again.');
    }
    const groups = this.company[`${tenant}/groups`];
    const membersOf = ({ group }) => groups.find(({ id }) => id === group)?.member_count ?? 0;
    const cards = body.entries.reduce((sum, entry) => sum + 1 + membersOf(entry), 0);
    if (cards > MAX_CARDS) {
      throw refuse('entries', { code: 'too_long', max: MAX_CARDS, unit: 'cards' });
    }
    this.setEntries(item.id, body.entries);
    item.revision += 1;
    return { body: { entries: body.entries } };
  }

  #remove(tenant, kind, item, headers) {
    const tag = headers['if-match'];
    if (tag && tag !== `"${item.revision}"`) {
      throw new Refused(412, 'The object changed since you read it: read it again.');
    }
    if (kind === 'groups' && item.root_of) throw refuse('root_of', { code: 'fixed' });
    const root = kind === 'sites' ? item.root_group : item.id;
    const gone = kind === 'sites' || kind === 'groups' ? this.#within(tenant, root) : [];
    const groups = `${tenant}/groups`;
    this.company[groups] = this.company[groups].filter((one) => !gone.includes(one));
    const path = `${tenant}/${kind}`;
    this.company[path] = this.company[path].filter((one) => one !== item);
    return { status: 204 };
  }
}
