/** The mock's runs whose plan is seen before anything is written. */
import { runOf } from './mock-synchronize.mjs';

const PEOPLE = ['Anna Müller', 'Björn Weißbach', 'Chloë Nowak'];

/** A plan that waits to be seen, with its lines. */
export function previewOf(id, source, startedAt) {
  const changes = PEOPLE.length;
  const run = runOf(id, {
    source,
    state: 'awaiting_approval',
    started_at: startedAt,
    problem: { code: 'preview', changes },
    message: `Nothing was written yet, as was wished: ${changes} changes wait for approval.`,
    counts: { read: changes, created: changes },
  });
  const entries = PEOPLE.map((name, at) => ({
    number: at + 1,
    action: 'create',
    locator: `cn=${name},ou=People of the northern regional offices,dc=brightmoor,dc=example`,
    contact: null,
    changes: [],
    reason: null,
  }));
  return { run, entries };
}
