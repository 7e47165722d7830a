/** How the mock gateway says it is doing; scenarios change what they want to see. */
const SINCE = '2026-11-20T08:00:00Z';

const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();

/** A job that was done a moment ago. */
export function jobOf(job, every, fields = {}) {
  return {
    job,
    every_seconds: every,
    is_going_on: false,
    began_at: ago(every / 2),
    ended_at: ago(every / 2),
    outcome: 'succeeded',
    succeeded_at: ago(every / 2),
    next_at: ago(-every / 2),
    is_overdue: false,
    ...fields,
  };
}

/** How many sources of a kind are doing how. */
export function sourcesOf(kind, fields) {
  return {
    kind,
    fine: 0,
    failed: 0,
    awaiting_approval: 0,
    never_ran: 0,
    presence_only: 0,
    secret_lost: 0,
    switched_off: 0,
    ...fields,
  };
}

const check = (name) => ({ name, state: 'fine' });

export class MockSystem {
  /** What is said; scenarios assign to it. */
  shown = {
    gateway: {
      version: '0.1.0',
      platform: 'linux x86_64',
      is_debug_build: false,
      started_at: SINCE,
    },
    checks: ['schema', 'lease', 'jobs', 'secrets', 'presence', 'connections', 'copies'].map(check),
    database: {
      kind: 'sqlite',
      version: '3.46.0',
      schema_version: '20261128000026',
      known_schema_version: '20261128000026',
      bytes: 48_316_416,
    },
    lease: { holder: 'process 4711', fence: 12, until: ago(-10) },
    copies_problem: null,
    copies: [{ schema_version: '20261128000018', bytes: 47_001_600, made_at: SINCE }],
    jobs: [
      jobOf('start_runs', 20),
      jobOf('send_alerts', 5),
      jobOf('follow_profiles', 1),
      jobOf('persist_claims', 60),
      jobOf('purge_expired', 60),
      jobOf('forget_enquiries', 60),
      jobOf('sweep_pictures', 3600, {
        began_at: null,
        ended_at: null,
        outcome: null,
        succeeded_at: null,
      }),
      jobOf('purge_runs', 3600),
      jobOf('reload_certificate', 90),
    ],
    tenants: { total: 128, switched_off: 3 },
    sources: [
      sourcesOf('ldap', { fine: 96, failed: 2, awaiting_approval: 1, switched_off: 3 }),
      sourcesOf('graph', { fine: 40, never_ran: 1 }),
      sourcesOf('sip', { presence_only: 7 }),
    ],
    upkeep: {
      asked: 47,
      with_problem: 0,
      counts: { subscribing: 12, subscribed: 8400, polling: 2100, waiting_to_retry: 31, failed: 4 },
    },
    connections: [
      { line: 'http', open: 1834, most: 100_000 },
      { line: 'visitors', open: 1790, most: 100_000 },
      { line: 'presence', open: 23, most: 4096 },
      { line: 'runs', open: 0, most: 256 },
      { line: 'clients', open: 61, most: null },
    ],
  };

  answer(method, path, { session }, Refused) {
    if (method !== 'GET' || path !== '/system') return undefined;
    const isPlatform = session.grants.some(({ role }) => role === 'platform');
    if (!isPlatform) throw new Refused(404, 'There is no such object.');
    return { body: { at: new Date().toISOString(), ...this.shown } };
  }
}
