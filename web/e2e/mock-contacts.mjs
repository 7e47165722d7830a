/** The mock's lists of contacts: filters, how many there are, and who comes back after being removed. */
import { nameOf } from './mock-names.mjs';
import { Refused } from './mock-problem.mjs';

const LIST = /^(\/tenants\/[^/]+)\/contacts$/;
const COUNT = /^(\/tenants\/[^/]+)\/contacts\/count$/;
const ONE = /^(\/tenants\/[^/]+\/contacts)\/([^/]+)$/;
const RESTORE = /^(\/tenants\/[^/]+)\/removed_contacts\/([^/]+)\/restore$/;
const FLAGS = ['is_hybrid', 'is_vcard_enabled', 'is_disabled'];

/** Keeps what was removed, as long as the mock runs. */
export class MockContacts {
  #removed = new Map();

  constructor(company, presence) {
    Object.assign(this, { company, presence });
  }

  /** Whether a list with this query holds the item; other lists hold everything. */
  holds(path, query) {
    const [, tenant] = LIST.exec(path) ?? COUNT.exec(path) ?? [];
    if (!tenant) return () => true;
    const states = query.get('state')?.split(',');
    const group = query.get('group');
    const members = group && this.#members(tenant, group);
    return (item) =>
      FLAGS.every((name) => !query.has(name) || String(Boolean(item[name])) === query.get(name)) &&
      (!query.has('kind') ||
        (query.get('kind') === 'service') === Boolean(item.is_ucma_endpoint)) &&
      (!query.has('site') || item.home_site === query.get('site')) &&
      (!members || members.has(item.id)) &&
      (!query.has('source') || sourceOf(item) === query.get('source')) &&
      (!states ||
        (!item.is_disabled && states.includes(this.presence.availability(tenant, item.id))));
  }

  answer(method, path, query, count) {
    const [, counted] = COUNT.exec(path) ?? [];
    if (counted)
      return { body: { count: query.has('state') ? null : count(`${counted}/contacts`) } };
    const [, at, id] = ONE.exec(path) ?? [];
    if (method === 'DELETE' && at) {
      this.#removed.set(
        id,
        this.company[at]?.find((one) => one.id === id),
      );
      return undefined;
    }
    const [, tenant, gone] = RESTORE.exec(path) ?? [];
    if (tenant) return this.#restore(tenant, gone);
    return undefined;
  }

  #members(tenant, group) {
    const listed = this.company[`${tenant}/groups/${group}/members`] ?? [];
    const site = this.company[`${tenant}/groups`]?.find(({ id }) => id === group)?.root_of;
    const atHome = this.company[`${tenant}/contacts`].filter(
      ({ home_site }) => site && home_site === site,
    );
    return new Set([...listed, ...atHome].map(({ id }) => id));
  }

  #restore(tenant, id) {
    const was = this.#removed.get(id);
    if (!was) throw new Refused(404, 'There is no such object.');
    this.#removed.delete(id);
    was.revision += 1;
    this.company[`${tenant}/contacts`].push(was);
    const body = { ...was, shown_name: nameOf(was) };
    return { status: 201, body, headers: { etag: `"${was.revision}"` } };
  }
}

/** Where a contact's fields come from. */
function sourceOf({ provenance }) {
  return Object.values(provenance).find(({ source }) => source)?.source ?? 'none';
}
