/**
 * The administrators' API without a gateway, and the built portal beside it. Refusals, pages and
 * entity tags are as the gateway's; every answer is compared with the API's document.
 *
 *   node mock-api.mjs [--port 8096] [--contacts 10000]     sign in as admin of Brightmoor Instruments
 */
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { readShapes } from './api-shapes.mjs';
import { MockAdmin } from './mock-admin.mjs';
import { Avatars } from './mock-avatars.mjs';
import { MockClients } from './mock-clients.mjs';
import { companyOf, contactOf, idOf, PLATFORM, TENANT } from './mock-company.mjs';
import { MockContacts } from './mock-contacts.mjs';
import { answerEnquiries } from './mock-enquiries.mjs';
import { bare, fold, nameOf } from './mock-names.mjs';
import { Places } from './mock-places.mjs';
import { servePortal } from './mock-portal.mjs';
import { MockPresence } from './mock-presence.mjs';
import { problem, Refused } from './mock-problem.mjs';
import { MockProfiles } from './mock-profiles.mjs';
import { MockSignIn } from './mock-sign-in.mjs';
import { MockSystem } from './mock-system.mjs';
import { MockTemplates } from './mock-templates.mjs';
import { MockUpkeep } from './mock-upkeep.mjs';
import { vcardOf } from './mock-vcard.mjs';
import { answerVisitor } from './mock-visitor.mjs';

const PASSWORD = 'correct horse battery';
const shown = (path, item) =>
  /\/(contacts|members)(\/|$)/.test(path) ? { ...item, shown_name: nameOf(item) } : item;

/** What a stream tells that has a shape of its own in the document. */
const TOLD = { snapshot: 'ColleaguesSnapshot', delta: 'ColleaguesDelta' };

/** Writes events as they come, until there is none any more. */
async function tell(stream, response, { shapes, faults }) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  for await (const [name, data] of stream) {
    if (response.destroyed) return;
    if (TOLD[name]) faults.push(...shapes.checkAs(TOLD[name], data));
    response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }
  response.end();
}

/** Folds each name once, however many there are. */
function byName(items) {
  const named = items.map((item) => [fold(nameOf(item)), item]);
  return named.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

/** Starts the mock on loopback. */
export async function startMockApi({ port = 0, contacts = 60 } = {}) {
  const shapes = await readShapes();
  const company = companyOf({ contacts });
  const avatars = new Avatars();
  const places = new Places(company);
  const presence = new MockPresence(company);
  const profiles = new MockProfiles();
  const templates = new MockTemplates();
  const people = new MockContacts(company, presence);
  const upkeep = new MockUpkeep();
  const system = new MockSystem();
  const clients = new MockClients(company);
  const visits = { isOriginRefused: false };
  const admin = new MockAdmin(company, Refused);
  const faults = [];
  const requests = [];
  const refusals = [];
  const sessions = new Map();
  const signIn = new MockSignIn(Refused);
  let attempts = 0;
  let made = 0;

  const collection = (path) => {
    if (!company[path]) throw new Refused(404, 'There is no such object.');
    return company[path];
  };
  const find = (path) => {
    const at = path.lastIndexOf('/');
    const item = collection(path.slice(0, at)).find(({ id }) => id === path.slice(at + 1));
    if (!item) throw new Refused(404, 'There is no such object.');
    return item;
  };

  const matching = (path, query) => {
    const words = fold(query.get('q') ?? '')
      .split(/\s+/)
      .filter(Boolean);
    const searched = (item) =>
      fold(
        [
          nameOf(item),
          item.name,
          item.title,
          item.mail,
          item.sip,
          item.skype,
          item.job_title,
          item.locator,
        ].join(' '),
      );
    const action = query.get('action');
    const scope = path.endsWith('/grants') && query.get('scope');
    const holds = people.holds(path, query);
    return collection(path).filter(
      (item) =>
        words.every((word) => searched(item).includes(word)) &&
        (!action || item.action === action) &&
        (!scope || item.scope.kind === scope) &&
        holds(item),
    );
  };

  const page = (path, query) => {
    const limit = Number(query.get('limit') ?? 50);
    if (!(limit >= 1 && limit <= 500)) throw new Refused(422, '`limit` must be between 1 and 500.');
    const found = matching(path, query);
    const sorted = path.endsWith('contacts') ? byName(found) : found;
    const from = Number(query.get('after') ?? 0);
    const items = sorted.slice(from, from + limit).map((item) => shown(path, item));
    return { items, next: from + limit < sorted.length ? String(from + limit) : null };
  };

  const checkContact = (path, item) => {
    if (!nameOf(item)) {
      const refused = { field: 'display_name', value: '', rule: { code: 'required' } };
      const fields = [{ ...refused, message: 'must not be empty' }];
      throw new Refused(422, '`display_name` must not be empty.', { fields });
    }
    for (const [kind, label] of [
      ['sip', 'SIP'],
      ['mail', 'Mail'],
      ['skype', 'Skype'],
    ]) {
      const holder = collection(path).find(
        (other) => other.id !== item.id && item[kind] && bare(other[kind]) === bare(item[kind]),
      );
      if (holder)
        throw new Refused(409, `Contact with the same ${label}: ${nameOf(holder)} already exists.`);
    }
  };

  const session = {
    GET: ({ session }) => ({ body: session ? signIn.view(session) : refuse401() }),
    POST({ body }) {
      attempts += 1;
      if (attempts > 8)
        throw new Refused(429, 'Too many attempts.', { headers: { 'retry-after': '30' } });
      const isPlatform = !body.tenant && body.name === 'root';
      const isTenant = body.tenant === 'Brightmoor Instruments' && body.name === 'admin';
      if (body.password !== PASSWORD || !(isPlatform || isTenant)) {
        throw new Refused(401, 'Tenant, name or password is wrong.');
      }
      signIn.require(idOf('U', isPlatform ? 2 : 1), body.code);
      attempts = 0;
      return begin(isPlatform);
    },
    DELETE({ cookie }) {
      sessions.delete(cookie);
      return { status: 204 };
    },
  };
  const begin = (isPlatform) => {
    made += 1;
    const secret = `secret-${made}`;
    const tenant = isPlatform ? PLATFORM : TENANT;
    const grant = isPlatform
      ? { role: 'platform', scope: { kind: 'platform' } }
      : { role: 'tenant', scope: { kind: 'tenant', id: TENANT } };
    const user = idOf('U', isPlatform ? 2 : 1);
    const id = idOf('Y', made);
    const kept = { id, user, tenant, grants: [grant], csrf_token: `csrf-${made}` };
    sessions.set(secret, Object.assign(kept, { usedAt: Date.now() }));
    const view = signIn.view(kept);
    return {
      body: view,
      headers: { 'set-cookie': `session=${secret}; Path=/; HttpOnly; SameSite=Lax` },
    };
  };
  const refuse401 = () => {
    throw new Refused(401, 'Sign in or send a valid API token.');
  };

  const api = (method, path, query, { body, headers, session }) => {
    const chosen =
      profiles.answer(method, path, { body, headers }) ??
      templates.answer(method, path, query, { body, headers });
    if (chosen) return chosen;
    const listed = people.answer(method, path, query, (at) => matching(at, query).length);
    if (listed) return listed;
    const left = answerEnquiries(method, path, query, company);
    if (left) return left;
    const kept =
      signIn.answer(method, path, { body, session }) ?? upkeep.answer(method, path, query);
    if (kept) return kept;
    const state =
      system.answer(method, path, { session }, Refused) ??
      clients.answer(method, path, query, session);
    if (state) return state;
    const answered = admin.answer(method, path, { body, session, query });
    if (answered) return answered;
    const present = presence.answer(method, path, { body, headers, query });
    if (present) return present;
    const used = /^(\/tenants\/[^/]+)\/contacts\/([^/]+)\/uses$/.exec(path);
    if (used) return { body: places.uses(used[1], used[2]) };
    if (path.endsWith('/vcard'))
      return vcardOf(find(path.slice(0, -'/vcard'.length)), company, query);
    if (path.includes('/avatars'))
      return avatars.answer(method, path, query, body, headers, Refused);
    const placed = places.answer(method, path, { body, headers });
    if (placed) return placed;
    if (method === 'GET' && company[path]) return { body: page(path, query) };
    if (method === 'POST') {
      made += 1;
      const item = contactOf(idOf('N', made), body);
      checkContact(path, item);
      collection(path).push(item);
      return { status: 201, body: shown(path, item), headers: { etag: '"1"' } };
    }
    const item = find(path);
    const parent = path.slice(0, path.lastIndexOf('/'));
    if (method === 'DELETE') {
      company[parent] = company[parent].filter((one) => one !== item);
      return { status: 204 };
    }
    if (method === 'PATCH') {
      const tag = headers['if-match'];
      if (!tag) throw new Refused(428, 'Send the entity tag you read in `If-Match`.');
      if (tag !== `"${item.revision}"`) {
        throw new Refused(412, 'The object changed since you read it: read it again.');
      }
      const next = { ...item, ...body };
      if (parent.endsWith('/contacts')) checkContact(parent, next);
      Object.assign(item, next, { revision: item.revision + 1 });
    }
    return { body: shown(path, item), headers: { etag: `"${item.revision}"` } };
  };

  const answer = async (request, url, bytes) => {
    const path = decodeURIComponent(url.pathname.slice('/api/v1'.length));
    const cookie = /session=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
    if (sessions.has(cookie) && signIn.isOver(sessions.get(cookie))) sessions.delete(cookie);
    const known = sessions.get(cookie);
    if (known && !request.headers['x-unattended']) known.usedAt = Date.now();
    const isJson = request.headers['content-type']?.includes('json');
    const body = bytes.length && isJson ? JSON.parse(bytes) : bytes;
    requests.push({ method: request.method, path, query: url.search, body });
    const refusal = refusals.find(({ pattern }) => pattern.test(`${request.method} ${path}`));
    if (refusal) {
      refusals.splice(refusals.indexOf(refusal), 1);
      throw new Refused(refusal.status, refusal.detail);
    }
    if (path === '/session') return session[request.method]({ body, cookie, session: known });
    if (path === '/session/link') {
      if (body.token !== 'good-link') throw new Refused(401, 'This link was used or has expired.');
      signIn.require(idOf('U', 1), body.code);
      return begin(false);
    }
    const door = signIn.atTheDoor(request.method, path, url.searchParams);
    if (door) return door;
    if (!known) refuse401();
    if (request.method !== 'GET' && request.headers['x-csrf-token'] !== known.csrf_token) {
      throw new Refused(403, 'The token is missing.', { slug: 'csrf_token_missing' });
    }
    const asked = { body, headers: request.headers, session: known };
    return api(request.method, path, url.searchParams, asked);
  };

  const server = createServer(async (request, response) => {
    const url = new URL(request.url, 'http://mock');
    if (await answerVisitor({ url, response, company, places, ...visits })) return;
    if (!url.pathname.startsWith('/api/')) return servePortal(url.pathname, response);
    const parts = [];
    for await (const part of request) parts.push(part);
    const bytes = Buffer.concat(parts);
    let result;
    try {
      result = await answer(request, url, bytes);
    } catch (error) {
      result = problem(error);
    }
    if (result.stream) return tell(result.stream, response, { shapes, faults });
    const { status = 200, body, headers = {}, type = 'application/json' } = result;
    const path = url.pathname.slice('/api/v1'.length);
    faults.push(...shapes.check(request.method, path, status, body));
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', ...headers });
    response.end(body === undefined ? '' : Buffer.isBuffer(body) ? body : JSON.stringify(body));
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    password: PASSWORD,
    faults,
    requests,
    company,
    places,
    visits,
    admin,
    presence,
    profiles,
    templates,
    upkeep,
    system,
    clients,
    synchronization: admin.synchronization,
    signIn,
    /** Signs somebody in without a page: what a browser is to keep, for the address of the mock. */
    cookieOf(user) {
      const [, name, value] = /^(\w+)=([^;]+)/.exec(begin(user === 'root').headers['set-cookie']);
      return { name, value, url: `http://127.0.0.1:${server.address().port}` };
    },
    /** Ends every session, as time does. */
    endSessions: () => sessions.clear(),
    /** Refuses the next request that matches. */
    refuse: (pattern, status, detail) => refusals.push({ pattern, status, detail }),
    /** Changes an object as somebody else would. */
    change(path, fields) {
      const item = find(path);
      Object.assign(item, fields, { revision: item.revision + 1 });
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8096' },
      contacts: { type: 'string', default: '10000' },
    },
  });
  const mock = await startMockApi({ port: Number(values.port), contacts: Number(values.contacts) });
  console.log(
    `${mock.url}/portal/  tenant Brightmoor Instruments, name admin, password ${mock.password}`,
  );
}
