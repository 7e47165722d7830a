/** How the gateway is doing, as whoever runs the platform sees it. */
import assert from 'node:assert/strict';
import { jobOf, sourcesOf } from '../mock-system.mjs';
import { openPortal } from '../portal-stage.mjs';

async function openSystem(stage, options = {}) {
  const { before, ...rest } = options;
  const portal = await openPortal(stage, { as: 'root', ...rest });
  before?.(portal.mock.system.shown);
  await portal.open('system');
  return portal;
}

const part = (page, name) => page.getByRole('region', { name, exact: true });

export async function says_what_runs_since_when_and_on_what(stage) {
  const { page } = stage;
  const portal = await openSystem(stage);
  await part(page, 'Gateway').getByText('process 4711, number 12').waitFor();
  await part(page, 'Gateway').getByText('128, of which 3 switched off').waitFor();
  await part(page, 'Database').getByText('SQLite 3.46.0').waitFor();
  await part(page, 'Database').getByText('48.3 MB').waitFor();
  await part(page, 'Open connections').getByText('1,834 of 100,000').waitFor();
  const jobs = part(page, 'Jobs').getByRole('listitem');
  const [run] = await jobs.filter({ hasText: 'Start synchronization runs' }).allInnerTexts();
  assert.match(run, /every 20 seconds · last .* ago · next in .*Done/s);
  await part(page, 'Sources of all tenants').getByText('96 fine').waitFor();
  await portal.inspect('system');
}

export async function says_what_to_do_about_what_is_not_well(stage) {
  const { page } = stage;
  const portal = await openSystem(stage, {
    before(shown) {
      for (const one of shown.checks) one.state = one.name === 'schema' ? 'broken' : 'attention';
      shown.database.kind = 'postgresql';
      shown.database.version = '15.14';
      shown.copies = [];
      shown.lease = null;
      shown.gateway.is_debug_build = true;
      shown.gateway.version = '0.1.0-a-build-of-somebody-with-a-very-long-name.20261128.0123456789';
      shown.jobs[0] = jobOf('start_runs', 20, { outcome: 'failed', succeeded_at: null });
      shown.jobs[1] = jobOf('send_alerts', 5, { is_overdue: true });
      shown.sources = [sourcesOf('exchange', { secret_lost: 2, failed: 1 })];
      shown.upkeep.with_problem = 3;
      shown.connections[0] = { line: 'http', open: 95_000, most: 100_000 };
    },
  });
  const checks = part(page, 'Checks').getByRole('listitem');
  const texts = await checks.allInnerTexts();
  assert.match(texts[0], /^Does not work: .*Start the version that did, or restore a copy\.$/);
  assert.equal(texts.filter((text) => text.startsWith('Look at it: ')).length, 6);
  await part(page, 'Jobs').getByText('Late').waitFor();
  await part(page, 'Jobs').getByText('never done to its end').waitFor();
  await part(page, 'Database').getByText('PostgreSQL 15.14').waitFor();
  await part(page, 'Gateway').getByText('nobody holds the right to serve').waitFor();
  await portal.inspect('system-unwell');
}

export async function a_folder_that_cannot_be_read_takes_nothing_else_away(stage) {
  const { page } = stage;
  const portal = await openSystem(stage, {
    before(shown) {
      Object.assign(shown, { copies: null, copies_problem: 'unreadable' });
      shown.checks.find(({ name }) => name === 'copies').state = 'attention';
    },
  });
  await part(page, 'Database').getByText('not known: the folder of the database cannot').waitFor();
  await part(page, 'Checks').getByText('The folder of the database cannot be read').waitFor();
  await part(page, 'Gateway').getByText('process 4711, number 12').waitFor();
  await portal.inspect('system-unreadable');
}

export async function begins_with_nothing(stage) {
  const { page } = stage;
  const portal = await openSystem(stage, {
    language: 'de',
    before(shown) {
      Object.assign(shown, { jobs: [], sources: [], copies: [] });
      shown.tenants = { total: 0, switched_off: 0 };
      shown.upkeep.asked = 0;
    },
  });
  await page.getByText('Noch hat kein Mandant eine Quelle.').waitFor();
  await page.getByText('Keine Quelle wird nach Präsenz gefragt.').waitFor();
  await portal.inspect('system-empty-de');
}

export async function looks_again_by_itself_and_keeps_what_it_knew(stage) {
  const { page } = stage;
  await page.clock.install();
  const portal = await openSystem(stage);
  portal.mock.system.shown.lease.holder = 'process 4712';
  await page.clock.runFor(11_000);
  await part(page, 'Gateway').getByText('process 4712, number 12').waitFor();
  for (let attempt = 0; attempt < 3; attempt += 1) {
    portal.mock.refuse(/GET \/system/, 503, 'The database does not answer.');
  }
  await page.clock.runFor(15_000);
  await page.getByText('look whether the gateway runs and reaches its database').waitFor();
  await part(page, 'Gateway').getByText('process 4712, number 12').waitFor();
  await stage.expectAccessible();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('look whether the gateway runs').waitFor({ state: 'detached' });
}

export async function is_nobody_elses(stage) {
  const { page } = stage;
  // The router reports what kept a page from being loaded.
  stage.allow(/Problem/);
  const portal = await openPortal(stage);
  assert.equal(await page.getByRole('link', { name: 'System', exact: true }).count(), 0);
  await portal.open('system');
  await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
}
