/** The mock's runs for some contacts: what a directory that the scenario fills says of them. */
import { idOf } from './mock-company.mjs';
import { Refused } from './mock-problem.mjs';

const OF_GROUP = /^(\/tenants\/[^/]+)\/groups\/([^/]+)\/synchronize$/;
const PATH = /^(\/tenants\/([^/]+))\/contacts(?:\/([^/]+))?\/synchronize$/;
const AT = '2026-11-22T08:00:00Z';
/** How often somebody looks at a run before it has ended. */
const LOOKS = 2;

/** Synchronizes contacts by their identity. */
export class Synchronization {
  #made = 0;
  #entries = new Map();
  #waiting = [];

  constructor(company) {
    this.company = company;
  }

  /** From now on the directory has an entry for the contact, which says `fields`. */
  knows(contact, fields) {
    this.#entries.set(contact, fields);
  }

  /** The answer, or undefined when it is about something else. */
  answer(method, path, body) {
    const [, above, group] = OF_GROUP.exec(path) ?? [];
    if (method === 'POST' && above) return this.#group(above, group);
    const [, at, tenant, id] = PATH.exec(path) ?? [];
    if (method !== 'POST' || !at) return undefined;
    const contacts = id ? [id] : body.contacts;
    for (const [index, contact] of contacts.entries())
      this.#require(at, contact, id ? null : index);
    const { is_directory_sync_enabled: isOn } = this.company['/tenants'].find(
      (one) => one.id === tenant,
    );
    if (!isOn) {
      const detail = 'Synchronization is switched off for this source or tenant.';
      throw new Refused(409, detail, { slug: 'not_possible_now' });
    }
    const sources = this.company[`${at}/sources`].filter((source) => !source.is_disabled);
    const runs = sources.map((source) => ({
      source: source.id,
      run: this.#start(at, source.id, contacts),
    }));
    const hasPhotos = sources.some(
      ({ connection }) => connection.kind === 'ldap' || connection.format === 'ldif',
    );
    const message = hasPhotos ? null : 'Could not load photo: Not found';
    return { status: 202, body: { runs, message } };
  }

  /** Everybody of the group who is in the directory, in the first source in service; the others are left out. */
  #group(at, group) {
    const members = this.company[`${at}/groups/${group}/members`] ?? [];
    const known = members.filter(({ id }) => this.#entries.has(id)).map(({ id }) => id);
    const sources = this.company[`${at}/sources`] ?? [];
    const silent = sources.filter(({ is_disabled }) => is_disabled);
    const left_out = silent.map(({ id: source }) => ({
      source,
      because: 'switched_off',
      run: null,
    }));
    const asked = known.length > 0 ? sources.filter(({ is_disabled }) => !is_disabled) : [];
    const runs = asked.map(({ id: source }) => ({ source, run: this.#start(at, source, known) }));
    const body = {
      contacts: known.length,
      manual: members.length - known.length,
      runs,
      left_out,
    };
    return { status: 202, body };
  }

  /** A run that went on has ended: those who waited for it follow. */
  end(run) {
    Object.assign(run, { state: 'succeeded', ended_at: AT });
    const waiting = this.#waiting.filter(({ source }) => source === run.source);
    this.#waiting = this.#waiting.filter(({ source }) => source !== run.source);
    for (const { at, source, contacts } of waiting) this.#start(at, source, contacts);
  }

  /** A run is further each time that somebody looks. */
  goOn(run, tenant, looks) {
    if (looks < LOOKS) return;
    const at = `/tenants/${tenant}`;
    const lines = run.contacts.map((id, index) => this.#line(at, id, index + 1, run));
    this.company[`${at}/runs/${run.id}/entries`] = lines.filter(Boolean);
    this.end(run);
  }

  #require(at, id, index) {
    if (this.company[`${at}/contacts`]?.some((contact) => contact.id === id)) return;
    if (index === null) throw new Refused(404, 'There is no such object.');
    const field = `contacts[${index}]`;
    const fields = [{ field, value: id, message: 'is unknown', rule: { code: 'unknown' } }];
    throw new Refused(422, `\`${field}\` names nothing that exists here.`, { fields });
  }

  #start(at, source, contacts) {
    const runs = this.company[`${at}/runs`];
    if (runs.some((run) => run.source === source && run.state === 'running')) {
      this.#waiting.push({ at, source, contacts });
      return null;
    }
    this.#made += 1;
    const run = runOf(idOf('L', this.#made), {
      source,
      contacts,
      state: 'running',
      started_at: AT,
    });
    runs.unshift(run);
    this.company[`${at}/runs/${run.id}/entries`] = [];
    return run.id;
  }

  #line(at, id, number, run) {
    const contact = this.company[`${at}/contacts`].find((one) => one.id === id);
    const line = { number, contact: id, changes: [], reason: null };
    const says = this.#entries.get(id);
    if (!says) {
      run.counts.not_found += 1;
      return { ...line, action: 'not_found', locator: contact.sip };
    }
    run.counts.read += 1;
    const changes = Object.entries(says)
      .filter(([field, value]) => contact[field] !== value)
      .map(([field, value]) => ({ field, old: contact[field], new: value }));
    if (changes.length === 0) {
      run.counts.unchanged += 1;
      return null;
    }
    Object.assign(contact, says, { revision: contact.revision + 1 });
    run.counts.updated += 1;
    return { ...line, action: 'update', locator: `cn=${contact.display_name}`, changes };
  }
}

/** A run with `fields`. */
export function runOf(id, fields) {
  const ofGroups = {
    groups_created: 0,
    groups_renamed: 0,
    groups_removed: 0,
    memberships_added: 0,
    memberships_removed: 0,
  };
  const counts = {
    ...ofGroups,
    read: 0,
    created: 0,
    linked: 0,
    updated: 0,
    disabled: 0,
    enabled: 0,
  };
  return {
    id,
    contacts: null,
    trigger: 'manual',
    extent: 'whole',
    whole_because: null,
    state: 'succeeded',
    started_at: AT,
    ended_at: null,
    is_undoable: false,
    problem: null,
    message: null,
    ...fields,
    counts: { ...counts, unchanged: 0, set_aside: 0, photos: 0, not_found: 0, ...fields.counts },
  };
}
