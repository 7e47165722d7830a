/** What the mock gateway does beyond keeping objects: users, grants, tokens, sources, runs. */
import { idOf, kept, PLATFORM } from './mock-company.mjs';
import { previewOf } from './mock-preview.mjs';
import { probe } from './mock-probe.mjs';
import { runOf, Synchronization } from './mock-synchronize.mjs';

const AT = '2026-11-22T08:00:00Z';

/** The fields that each kind has from the start; objects of other kinds are not made here. */
const KINDS = {
  resellers: { client_licences: 0, presence_mode: 'passive' },
  tenants: { change_seq: 1, sdk_key: 'sdk-key-of-a-new-tenant' },
  users: { has_password: false, second_factor_since: null, signed_in_at: null },
  sources: { secret: 'absent' },
  alerts: { secret: 'absent', delivered_at: null, failure: null },
  identity_providers: {
    secret: 'absent',
    redirect_uri: 'https://switchboard.example/api/v1/session/callback',
  },
  grants: {},
  tokens: { used_at: null },
};

/** Answers what is more than reading and changing an object; undefined for all else. */
export class MockAdmin {
  #made = 0;
  #looks = new Map();

  constructor(company, Refused) {
    Object.assign(this, { company, Refused, synchronization: new Synchronization(company) });
  }

  answer(method, path, { body, session, query }) {
    const probed = probe(method, path, body, this.company) ?? this.#pin(method, path);
    if (probed) return probed;
    if (path.endsWith('/sources/address_book')) return { body: addressBookOf(body) };
    const synchronized = this.synchronization.answer(method, path, body);
    if (synchronized) return synchronized;
    const [, kind, , action] =
      /^\/(?:tenants\/[^/]+\/)?(\w+)(?:\/([^/]+)(?:\/([\w/]+))?)?$/.exec(path) ?? [];
    if (method === 'POST' && path.endsWith('/sdk_key/rotate')) return this.#rotate(path);
    if (method === 'POST' && KINDS[kind] && !action && !path.endsWith('/runs')) {
      return this.#make(kind, path, body, session);
    }
    if (action === 'password') return this.#password(path, body, session);
    if (kind === 'alerts' && action === 'test') return this.#testAlert(path);
    if (action === 'secret') return this.#secret(method, path);
    if (kind === 'sources' && action === 'runs') {
      return this.#start(path, query?.get('is_preview') === 'true');
    }
    if (method === 'POST' && kind === 'runs' && !action) return this.#startAll(path);
    if (kind === 'runs' && action === 'progress') return { stream: this.#follow(path) };
    if (kind === 'runs' && action === 'report') return this.#report(path);
    if (kind === 'runs') return this.#run(method, path, action);
    return undefined;
  }

  /** Pins a field, or lets it have what its source said last. */
  #pin(method, path) {
    const [, at, field] = /^(.*\/contacts\/[^/]+)\/pins\/(\w+)$/.exec(path) ?? [];
    if (!at) return undefined;
    const contact = this.#find(at);
    const isPinned = method === 'PUT';
    const written = contact.provenance[field] ?? { source: null, run: null, at: AT };
    contact.provenance = { ...contact.provenance, [field]: { ...written, is_pinned: isPinned } };
    if (!isPinned) contact[field] = contact.said?.[field] ?? contact[field];
    contact.revision += 1;
    const { said, ...shown } = contact;
    const body = { ...shown, shown_name: contact.display_name };
    return { body, headers: { etag: `"${contact.revision}"` } };
  }

  #find(path) {
    const at = path.lastIndexOf('/');
    const item = this.company[path.slice(0, at)]?.find(({ id }) => id === path.slice(at + 1));
    if (!item) throw new this.Refused(404, 'There is no such object.');
    return item;
  }

  #make(kind, path, body, session) {
    this.company[path] ??= [];
    const list = this.company[path];
    const taken = body.name && kind !== 'tokens' && list.some(({ name }) => name === body.name);
    if (taken) throw new this.Refused(409, `The name \`${body.name}\` is already taken.`);
    this.#made += 1;
    const item = { ...kept(idOf('A', this.#made)), ...KINDS[kind], ...body };
    if (kind === 'tokens') Object.assign(item, { user: session.user });
    list.push(item);
    if (kind === 'tenants') {
      for (const list of ['users', 'grants', 'tokens']) {
        this.company[`/tenants/${item.id}/${list}`] = [];
      }
    }
    const secret = kind === 'tokens' ? { secret: 'sbt_3vN8xQ2mT7pL5kR9wY4cZ6hB1dF0' } : {};
    return { status: 201, body: { ...item, ...secret }, headers: { etag: '"1"' } };
  }

  #rotate(path) {
    const tenant = this.#find(path.replace('/sdk_key/rotate', ''));
    Object.assign(tenant, { sdk_key: 'sdk-key-after', revision: tenant.revision + 1 });
    return { body: tenant };
  }

  #password(path, body, session) {
    const user = this.#find(path.replace('/password', ''));
    if (user.id === session.user && body.current_password !== 'correct horse battery') {
      const rule = { code: 'format', expected: 'the present password' };
      const field = { field: 'current_password', value: '(not shown)', message: 'wrong', rule };
      throw new this.Refused(422, 'A value was refused.', { fields: [field] });
    }
    user.has_password = true;
    return { status: 204 };
  }

  /** A test arrives at once. */
  #testAlert(path) {
    Object.assign(this.#find(path.replace('/test', '')), { delivered_at: AT, failure: null });
    return { status: 204 };
  }

  #secret(method, path) {
    this.#find(path.replace('/secret', '')).secret = method === 'PUT' ? 'present' : 'absent';
    return { status: 204 };
  }

  #start(path, isPreview = false) {
    const [list, source] = path.replace(/\/runs$/, '').split('/sources/');
    const runs = this.company[`${list}/runs`];
    const open = runs.find((run) => run.source === source && !run.ended_at);
    if (open) throw new this.Refused(409, `Run ${open.id} of this source has not ended.`, BUSY);
    this.#made += 1;
    const id = idOf('Q', this.#made);
    const plain = { run: runOf(id, { source, state: 'running', started_at: AT }), entries: [] };
    const { run, entries } = isPreview ? previewOf(id, source, AT) : plain;
    runs.unshift(run);
    this.company[`${list}/runs/${run.id}/entries`] = entries;
    return { status: 201, body: run };
  }

  /** Starts every source that can be started, and says which cannot. */
  #startAll(path) {
    const at = path.replace(/\/runs$/, '');
    const body = { runs: [], left_out: [] };
    for (const { id: source, is_disabled, connection } of this.company[`${at}/sources`]) {
      const open = this.company[path].find((run) => run.source === source && !run.ended_at);
      const cannot = is_disabled ? 'switched_off' : connection.kind === 'sip' ? 'no_entries' : null;
      const because = cannot ?? (open ? 'busy' : null);
      if (because) body.left_out.push({ source, because, run: open?.id ?? null });
      else {
        const run = this.#start(`${at}/sources/${source}/runs`).body.id;
        body.runs.push({ source, run });
      }
    }
    return { status: 202, body };
  }

  #run(method, path, action) {
    const run =
      path.includes('/runs/') && this.#find(path.replace(/\/(approve|cancel|undo|entries)$/, ''));
    if (!run) return undefined;
    if (method === 'GET' && !action && run.state === 'running' && !this.held) {
      this.#goOn(run, path.split('/')[2]);
    }
    if (action === 'approve' && run.state !== 'awaiting_approval') {
      throw new this.Refused(409, 'The run is not in a state that allows this.', BUSY);
    }
    if (action === 'approve')
      Object.assign(run, { state: 'running', problem: null, message: null });
    if (action === 'undo') return { status: 201, body: this.#undo(path, run) };
    if (action === 'cancel') Object.assign(run, { state: 'cancelled', ended_at: AT });
    return method === 'POST' ? { status: 204 } : undefined;
  }

  #undo(path, run) {
    const list = path.replace(/\/runs\/.*$/, '/runs');
    this.#made += 1;
    const undo = runOf(idOf('Q', this.#made), {
      source: run.source,
      trigger: 'undo',
      undoes: run.id,
      state: 'awaiting_approval',
      started_at: AT,
      counts: { read: 2, updated: 1, set_aside: 1, removed: 1 },
      problem: { code: 'undo', left: 1 },
    });
    this.company[list].unshift(undo);
    this.company[`${list}/${undo.id}/entries`] = [
      ...entriesOf(1),
      { ...entriesOf(1)[0], number: 2, action: 'remove', changes: [] },
      {
        ...entriesOf(1)[0],
        number: 3,
        action: 'set_aside',
        changes: [],
        reason: {
          field: 'office',
          value: '9.99',
          message: 'has changed meanwhile',
          rule: { code: 'changed_meanwhile' },
        },
      },
    ];
    return undo;
  }

  /** What a stream tells: a run goes on from word to word, but only one as long as it is `held`. */
  async *#follow(path) {
    const run = this.#find(path.replace('/progress', ''));
    const expected = 1200;
    while (run.state === 'running') {
      if (!this.held || !this.#looks.has(run.id)) this.#goOn(run, path.split('/')[2]);
      const { counts } = run;
      const pace = { per_second: 400, seconds_left: Math.ceil((expected - counts.read) / 400) };
      if (run.state === 'running') {
        yield ['progress', { phase: 'reading', counts, done: counts.read, expected, ...pace }];
      }
      await this.held;
    }
    yield ['run', run];
  }

  /** The report of a run as a table. */
  #report(path) {
    const entries = this.company[path.replace('/report', '/entries')] ?? [];
    const lines = entries.map(
      ({ number, action, locator }) => `${number},${action},"${locator}"\r\n`,
    );
    const name = `run-${path.split('/')[4]}.csv`;
    const headers = { 'content-disposition': `attachment; filename="${name}"` };
    return { body: Buffer.from(lines.join('')), type: 'text/csv; charset=utf-8', headers };
  }

  /** A run is further each time that somebody looks. */
  #goOn(run, tenant) {
    const looks = (this.#looks.get(run.id) ?? 0) + 1;
    this.#looks.set(run.id, looks);
    if (run.contacts) {
      this.synchronization.goOn(run, tenant, looks);
      return;
    }
    run.counts.read = looks * 400;
    run.counts.unchanged = looks * 390;
    run.counts.updated = looks * 10;
    if (looks >= 3) Object.assign(run, { state: 'succeeded', ended_at: AT });
  }
}

/** What an address book means for a source, as far as the scenarios paste any. */
function addressBookOf({ text, country }) {
  const said = (name) => new RegExp(`${name}\\s*:\\s*(\\S.*)`).exec(text)?.[1].trim();
  const [, hour, minute] = /(\d+):(\d+)/.exec(said('RunTimeOfDay') ?? '') ?? [];
  const isNormalized = said('UseNormalizationRules') === 'True';
  const settings = {
    schedule: hour ? `${Number(minute)} ${Number(hour)} * * *` : null,
    poll_minutes: said('SynchronizePollingInterval') ? 5 : null,
    keep_days: Number(said('KeepDuration')) || null,
    normalize_numbers: isNormalized && country ? country : null,
  };
  const properties = {
    schedule: 'RunTimeOfDay',
    poll_minutes: 'SynchronizePollingInterval',
    keep_days: 'KeepDuration',
    normalize_numbers: 'UseNormalizationRules',
  };
  const origins = Object.entries(properties)
    .filter(([field]) => settings[field] !== null)
    .map(([field, property]) => ({ field, property, said: said(property) }));
  const needs = { code: 'needs', other: 'country' };
  const refused =
    isNormalized && !country
      ? [{ field: 'UseNormalizationRules', value: 'True', rule: needs, message: 'needs `country`' }]
      : [];
  return { settings, origins, passed_over: ['Identity'], refused };
}

const BUSY = { slug: 'not_possible_now' };

const ACTIONS = ['update', 'create', 'disable', 'link', 'enable', 'set_aside'];

/** The entries of a run, each kind in turn. */
export function entriesOf(count) {
  return Array.from({ length: count }, (_, at) => {
    const action = ACTIONS[at % ACTIONS.length];
    const isSetAside = action === 'set_aside';
    const changes = [
      { field: 'job_title', old: 'Support engineer', new: 'Head of support' },
      { field: 'work_phone', old: null, new: '+49 30 1234567' },
    ];
    return {
      number: at + 1,
      action,
      locator: `cn=Person ${at},ou=People of the northern regional offices,dc=brightmoor,dc=example`,
      contact: isSetAside ? null : idOf('C', at % 50),
      changes: action === 'update' || action === 'link' ? changes : [],
      reason: isSetAside
        ? {
            field: 'mail',
            value: 'anna.mller0@brightmoor.example',
            message: 'is held',
            rule: { code: 'held', by: 'Anna Müller' },
          }
        : null,
    };
  });
}

/** Entries of a source that are set aside. */
function setAside(run) {
  return entriesOf(120)
    .filter(({ reason }) => reason)
    .map(({ number, locator, contact, reason }) => ({ run, number, locator, contact, reason }));
}

/** Who is told: one whom it reaches, one whom it does not, one without a secret. */
function alertsOf() {
  const wanted = { is_on_failure: true, is_on_waiting: true, silent_hours: 48, is_disabled: false };
  const state = { secret: 'absent', delivered_at: null, failure: null };
  const addresses = ['anna.mueller@brightmoor.example', 'it-desk@brightmoor.example'];
  const mail = { kind: 'mail', addresses, language: 'en' };
  const webhook = { kind: 'webhook', url: 'https://hooks.brightmoor.example/switchboard' };
  const refused = { code: 'refused', detail: 'the server answered 500' };
  return [
    {
      ...kept(idOf('W', 1)),
      name: 'Service desk',
      channel: mail,
      ...wanted,
      ...state,
      delivered_at: AT,
    },
    {
      ...kept(idOf('W', 2)),
      name: 'Team chat',
      channel: webhook,
      ...wanted,
      ...state,
      secret: 'present',
      failure: refused,
    },
    { ...kept(idOf('W', 3)), name: 'Old hook', channel: webhook, ...wanted, ...state },
  ];
}

/** What was done by somebody, and by nobody in particular. */
function trailOf() {
  const entry = { at: AT, request: idOf('Z', 1), object: idOf('C', 1) };
  return [
    {
      ...entry,
      id: idOf('L', 1),
      actor: { kind: 'user', id: idOf('U', 1) },
      act: 'update',
      kind: 'contact',
      changes: { job_title: ['Support engineer', 'Head of support'], office: [null, 'B 204'] },
    },
    {
      ...entry,
      id: idOf('L', 2),
      actor: { kind: 'system' },
      act: 'rotate',
      kind: 'tenant',
      changes: { sdk_key: ['***', '***'] },
    },
  ];
}

/** Adds what administrators look after: grants, tokens, resellers, a directory, runs with entries. */
export function furnish(company, tenant, { entries = 12 } = {}) {
  const { runs, source, user, ...lists } = administered(tenant, entries);
  Object.assign(company, lists);
  company[`/tenants/${tenant}/runs`].push(...runs);
  company[`/tenants/${tenant}/sources`].push(source);
  company[`/tenants/${tenant}/users`].push(user);
}

function administered(tenant, entries) {
  const [ldap, file] = [idOf('D', 2), idOf('D', 1)];
  const waiting = idOf('R', 1);
  const at = (days) => `2026-11-${String(days).padStart(2, '0')}T01:30:00Z`;
  const url = 'ldaps://dc1.brightmoor.example:636';
  const problems = {
    unreachable: { code: 'unreachable', url, detail: 'connection refused' },
    secret: { code: 'secret_unreadable' },
  };
  const grant = (number, user, role, scope) => ({
    id: idOf('H', number),
    user: idOf('U', user),
    role,
    scope,
    created_at: AT,
  });
  return {
    '/resellers': [
      {
        ...kept(idOf('E', 1)),
        name: 'Northern Networks',
        client_licences: 25_000,
        presence_mode: 'passive',
      },
    ],
    [`/tenants/${PLATFORM}/grants`]: [grant(1, 2, 'platform', { kind: 'platform' })],
    [`/tenants/${PLATFORM}/tokens`]: [],
    [`/tenants/${tenant}/grants`]: [
      grant(2, 1, 'tenant', { kind: 'tenant', id: tenant }),
      grant(3, 3, 'site', { kind: 'site', id: idOf('S', 1) }),
      grant(4, 3, 'supervisor', { kind: 'group', id: idOf('G', 1) }),
    ],
    [`/tenants/${tenant}/tokens`]: [
      {
        id: idOf('T', 1),
        user: idOf('U', 1),
        name: 'Wallboard in the lobby',
        role: 'agent',
        scope: { kind: 'tenant', id: tenant },
        created_at: AT,
        expires_at: '2027-03-01T00:00:00Z',
        used_at: null,
      },
    ],
    [`/tenants/${tenant}/runs/${waiting}/entries`]: entriesOf(entries),
    [`/tenants/${tenant}/sources/${ldap}/set_aside`]: setAside(waiting),
    [`/tenants/${tenant}/alerts`]: alertsOf(),
    [`/tenants/${tenant}/audit`]: trailOf(),
    runs: [
      runOf(idOf('R', 2), {
        source: ldap,
        state: 'failed',
        trigger: 'schedule',
        extent: 'whole',
        whole_because: null,
        started_at: at(21),
        ended_at: at(21),
        problem: problems.unreachable,
        message: 'The directory could not be reached.',
      }),
      runOf(idOf('R', 3), {
        source: ldap,
        state: 'failed',
        started_at: at(20),
        ended_at: at(20),
        problem: problems.secret,
        message: 'The secret must be entered again.',
      }),
      runOf(idOf('R', 4), {
        source: file,
        started_at: at(19),
        ended_at: at(19),
        counts: { read: 66, created: 66 },
      }),
    ],
    source: {
      ...kept(ldap),
      name: 'Active Directory of the northern regional offices and their many departments',
      connection: {
        kind: 'ldap',
        url,
        is_starttls: false,
        trusted_certificates: null,
        bind_dn: 'cn=reader,dc=brightmoor,dc=example',
        base_dn: 'dc=brightmoor,dc=example',
        filter: '(objectClass=user)',
        group_filter: null,
        group_base_dn: null,
        page_size: 1000,
        timeout_seconds: 30,
      },
      approval_threshold_percent: 10,
      is_disabled: false,
      mapping: null,
      schedule: '30 1 * * *',
      time_zone: 'Europe/Berlin',
      secret: 'enter_again',
    },
    user: {
      ...kept(idOf('U', 3)),
      name: 'maximiliane.hohenstein-wittelsbach-donaudampfschifffahrt@brightmoor.example',
      first_name: 'Maximiliane-Alexandra',
      last_name: 'Freifrau von und zu Hohenstein-Wittelsbach-Donaudampfschifffahrt',
      mail: null,
      upn: null,
      contact: idOf('C', 0),
      is_disabled: false,
      is_client_allowed: false,
      client_profile: 'default',
      has_password: false,
      second_factor_since: null,
      signed_in_at: null,
    },
  };
}
