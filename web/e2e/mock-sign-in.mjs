/** What the mock gateway knows of sessions and second factors. */
import { idOf } from './mock-company.mjs';

const AT = '2026-11-22T08:00:00Z';
/** The code that every authenticator of the mock shows. */
export const CODE = '123456';
/** Recovery codes, always these. */
const CODES = Array.from({ length: 10 }, (_, at) => `AB${at}D-EFGH-JKLM-NPQ${at}`);
const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1',
  'Switchboard-desktop-companion-of-a-company-with-a-very-long-name-that-nobody-has-ever-heard-of/1.0',
];
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const PICTURE =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M1,1h3v3h-3zM5,5h2v2h-2z"/></svg>';

/** Signs in, and keeps what belongs to that. */
export class MockSignIn {
  #factors = new Set();
  #recovery = new Map();
  #ended = new Set();
  /** How long a session lasts without anybody doing anything, in seconds. */
  idleSeconds = 1800;
  /** The tenant wants a second factor. */
  isRequired = false;

  constructor(Refused) {
    this.Refused = Refused;
  }

  /** Asks for a second factor from now on. */
  protect(user) {
    this.#factors.add(user);
    this.#recovery.set(user, 10);
  }

  /** Refuses who needs a code and does not show one. */
  require(user, code) {
    if (!this.#factors.has(user) || code === CODE) return;
    const detail = code ? 'The code is wrong.' : 'Send a code, too.';
    throw new this.Refused(401, detail, { slug: 'second_factor_needed' });
  }

  /** What a session's user is shown of it. */
  view(session) {
    const { usedAt, ...kept } = session;
    const left = Math.max(0, Math.ceil(this.idleSeconds - (Date.now() - usedAt) / 1000));
    const is_second_factor_missing = this.isRequired && !this.#factors.has(session.user);
    return { ...kept, ends_in_seconds: left, is_second_factor_missing };
  }

  isOver({ usedAt }) {
    return Date.now() - usedAt >= this.idleSeconds * 1000;
  }

  /** What the sign-in page is told before anybody is signed in; undefined for all else. */
  atTheDoor(method, path, query) {
    if (path === '/session/providers') {
      const isKnown = query.get('tenant') === 'Brightmoor Instruments';
      const items = isKnown ? [{ id: idOf('V', 1), name: 'Brightmoor account' }] : [];
      return { body: { items } };
    }
    if (method === 'POST' && path === `/session/providers/${idOf('V', 1)}`) {
      return { body: { url: '/portal/sign-in?failed=away' } };
    }
    return undefined;
  }

  /** Answers what is about sessions and second factors; undefined for all else. */
  answer(method, path, { body, session }) {
    if (path.startsWith('/session/second_factor')) {
      return this.#factor(path.split('/')[3], method, body, session);
    }
    const [, user, id] = /\/users\/([^/]+)\/sessions(?:\/([^/]+))?$/.exec(path) ?? [];
    if (user && method === 'GET')
      return { body: { items: this.#sessions(user, session), next: null } };
    if (user) {
      for (const one of this.#sessions(user, session)) {
        if (id ? one.id === id : one.id !== session.id) this.#ended.add(one.id);
      }
      return { status: 204 };
    }
    if (/\/users\/[^/]+\/second_factor$/.test(path)) return { status: 204 };
    return undefined;
  }

  #sessions(user, session) {
    const at = { created_at: AT, used_at: AT, expires_at: '2026-11-22T20:00:00Z' };
    const one = (id, user_agent) => ({ ...at, id, user_agent, is_by_provider: id.endsWith('1') });
    const all = AGENTS.map((agent, index) => one(idOf('Z', index), agent));
    const own = one(session.id, 'Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0 Safari/537.36');
    const listed = user === session.user ? [own, ...all] : all;
    return listed.filter(({ id }) => !this.#ended.has(id));
  }

  #factor(step, method, body, { user }) {
    const isSet = this.#factors.has(user);
    if (method === 'GET') {
      const recovery_codes = this.#recovery.get(user) ?? 0;
      return { body: { is_set: isSet, recovery_codes, is_required: this.isRequired } };
    }
    if (!step && body.password !== 'correct horse battery') {
      this.#refuse('password', 'the present password');
    }
    const begun = { secret: SECRET, uri: `otpauth://totp/x?secret=${SECRET}`, qr_code: PICTURE };
    if (!step) return { status: 201, body: begun };
    if (body.code !== CODE) this.#refuse('code', 'a code that was not used before');
    if (step === 'removal') {
      this.#factors.delete(user);
      return { status: 204 };
    }
    this.protect(user);
    return { body: { recovery_codes: CODES } };
  }

  #refuse(name, expected) {
    const rule = { code: 'format', expected };
    const field = { field: name, value: '(not shown)', message: 'wrong', rule };
    throw new this.Refused(422, 'A value was refused.', { fields: [field] });
  }
}
