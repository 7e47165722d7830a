/** The portal's sources and the runs that read them. */
import assert from 'node:assert/strict';
import { furnish } from '../mock-admin.mjs';
import { TENANT } from '../mock-company.mjs';
import { openPortal } from '../portal-stage.mjs';

const SOURCES = `t/${TENANT}/sources`;
const RUNS = `t/${TENANT}/runs`;
const WAITING = `${RUNS}/01MR0000000000000000000001`;

async function open(stage, path, { entries, ...options } = {}) {
  const portal = await openPortal(stage, { path: null, ...options });
  furnish(portal.mock.company, TENANT, entries ? { entries } : {});
  await portal.go(path);
  return portal;
}

export async function sources_are_listed_and_one_is_changed(stage) {
  const { page } = stage;
  const portal = await open(stage, SOURCES);
  await page.getByText('Every day at 01:30.').waitFor();
  await portal.inspect('sources');
  await page.getByRole('link', { name: /^Active Directory/ }).click();
  await page.getByText(/Next run: .*\(Europe\/Berlin\)/).waitFor();
  await portal.inspect('source');
  await page.getByRole('textbox', { name: 'Schedule' }).fill('0 25 * * *');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Five cron fields such as 30 1 * * *.').waitFor();
  await page.getByRole('textbox', { name: 'Schedule' }).fill('*/15 6-8 * * mon-fri');
  await page.getByText('On Monday, Tuesday, Wednesday, Thursday and Friday').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await portal.told(/was saved\.$/);
  const patch = portal.mock.requests.findLast(({ method }) => method === 'PATCH');
  assert.deepEqual(patch.body, { schedule: '*/15 6-8 * * mon-fri' });
  await page.getByRole('tab', { name: 'Password' }).click();
  await page.getByText('Enter it again: until then every run fails.').waitFor();
  await portal.inspect('source-secret', { isOverlay: true });
  await page.getByLabel('Password of the service account').fill('a secret');
  await page.getByRole('button', { name: 'Keep password' }).click();
  await portal.told('The password was kept.');
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('Its contacts stay as they are').waitFor();
}

export async function the_wizard_makes_a_directory_source(stage) {
  const { page } = stage;
  const portal = await open(stage, `${SOURCES}/new`);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.locator('[data-field=host]').getByText('Enter a value.').waitFor();
  await page.getByRole('textbox', { name: 'Name' }).fill('Head office');
  await page.getByRole('textbox', { name: 'Host' }).fill('dc1.example.com');
  await page.getByLabel('Port').fill('99999');
  await page.getByLabel('Bind DN').fill('cn=reader,dc=example');
  await page.getByLabel('Password of the service account').fill('a secret');
  await page.getByText('A number from 1 to 65,535, or empty.').waitFor();
  await portal.inspect('source-new-refused');
  await page.getByLabel('Port').fill('');
  await page.getByLabel('Base DN').fill('dc=example,dc=com');
  await page.getByRole('button', { name: 'Next' }).click();
  const sip = page.getByRole('textbox', { name: 'SIP address' });
  assert.equal(await sip.inputValue(), 'msRTCSIP-PrimaryUserAddress, proxyAddresses');
  assert.ok(await sip.isDisabled());
  await portal.inspect('source-new-mapping');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('Every day at 01:30.').waitFor();
  portal.mock.refuse(/POST .*sources$/, 409, 'The name `Head office` is already taken.');
  await page.getByRole('button', { name: 'Add source' }).click();
  await page.locator('[data-field=name]').getByText('is already taken.').waitFor();
  for (const _ of [1, 2]) await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('button', { name: 'Add source' }).click();
  await portal.told('Head office was added.');
  const made = portal.mock.company[`/tenants/${TENANT}/sources`].at(-1);
  assert.equal(made.connection.url, 'ldaps://dc1.example.com:636');
  assert.equal(made.secret, 'present');
  assert.equal(made.mapping, null);
}

export async function synchronize_says_what_it_does_and_shows_how_far_it_is(stage) {
  const { page } = stage;
  const portal = await open(stage, RUNS);
  await page.getByRole('grid', { name: 'Runs' }).waitFor();
  await portal.inspect('runs');
  await page.getByRole('button', { name: 'Synchronize' }).click();
  await page.getByRole('heading', { name: 'Contacts Synchronization' }).waitFor();
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByText('has not ended.').waitFor();
  await page.getByLabel('Source').selectOption({ index: 1 });
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByText('Everything was applied.').waitFor();
  await portal.inspect('synchronize-done');
  await page.getByRole('button', { name: 'Show the run' }).click();
  await page.getByRole('heading', { name: /^Run of Active Directory/ }).waitFor();
  await page.getByRole('heading', { name: 'No entries' }).waitFor();
}

export async function a_plan_is_seen_before_anything_is_written(stage) {
  const { page } = stage;
  const portal = await open(stage, RUNS);
  await page.getByRole('button', { name: 'Synchronize' }).click();
  const dialog = page.getByRole('dialog');
  const preview = dialog.getByRole('checkbox', { name: 'Preview first' });
  await dialog.getByLabel('Source').selectOption({ label: 'All sources' });
  await preview.waitFor({ state: 'detached' });
  await dialog.getByLabel('Source').selectOption({ index: 1 });
  await dialog.getByLabel('What is read').selectOption('changes');
  await preview.check();
  await portal.inspect('synchronize-preview', { isOverlay: true });
  await dialog.getByRole('button', { name: 'Start' }).click();
  await dialog.getByText('Nothing was written yet').waitFor();
  const asked = portal.mock.requests.findLast(({ method }) => method === 'POST');
  assert.equal(asked.query, '?extent=changes&is_preview=true');
  await dialog.getByRole('button', { name: 'Show the run' }).click();
  await page.getByRole('row', { name: /Anna Müller/ }).waitFor();
  await portal.inspect('run-previewed');
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByRole('button', { name: 'Apply the plan' }).click();
  await page.getByText('Everything was applied.').waitFor();
}

export async function previewing_is_offered_in_german(stage) {
  const { page } = stage;
  const portal = await open(stage, RUNS, { language: 'de' });
  await page.getByRole('button', { name: 'Synchronisieren' }).click();
  await page.getByRole('checkbox', { name: 'Zuerst ansehen' }).waitFor();
  await portal.inspect('synchronize-preview-de', { isOverlay: true });
}

export async function all_sources_are_started_together_and_those_left_out_are_named(stage) {
  const { page } = stage;
  const portal = await open(stage, SOURCES);
  const sources = portal.mock.company[`/tenants/${TENANT}/sources`];
  sources.push({
    ...sources[1],
    id: '01MS000000000000000000000Z',
    name: 'Z off',
    is_disabled: true,
  });
  await portal.go(SOURCES);
  await page.getByRole('button', { name: 'Synchronize', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Source').selectOption({ label: 'All sources' });
  await page.getByLabel('What is read').selectOption('changes');
  await page.getByRole('button', { name: 'Start' }).click();
  await dialog.getByText('Left out: a run of this source has not ended.').waitFor();
  await dialog.getByText('Left out: the source is switched off.').waitFor();
  await dialog.getByText('Everything was applied.').first().waitFor();
  await portal.inspect('synchronize-all');
  const asked = portal.mock.requests.findLast(({ method }) => method === 'POST');
  assert.match(asked.path, /\/runs$/);
  await page.getByRole('button', { name: 'Close' }).click();
  const [first] = sources;
  await page.getByRole('button', { name: `Actions for ${first.name}` }).click();
  await page.getByRole('menuitem', { name: 'Synchronize' }).click();
  await page.getByRole('heading', { name: 'Contacts Synchronization' }).waitFor();
  assert.equal(await dialog.getByLabel('Source').count(), 0, 'it is the source of the row');
}

export async function a_changed_mapping_is_applied_to_what_was_read_before(stage) {
  const { page } = stage;
  const portal = await open(stage, SOURCES);
  const runs = portal.mock.company[`/tenants/${TENANT}/runs`];
  for (const run of runs) run.ended_at ??= '2026-11-22T08:00:00Z';
  await page.getByRole('link', { name: /^Active Directory/ }).click();
  const offer = page.getByText('The mapping has changed.');
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Directory');
  await page.getByRole('button', { name: 'Save' }).click();
  await portal.told('Directory was saved.');
  assert.equal(await offer.count(), 0, 'a name maps nothing');
  await page.getByLabel('International telephone numbers').selectOption('DE');
  await page.getByRole('button', { name: 'Save' }).click();
  await offer.waitFor();
  await portal.inspect('source-remapped');
  await page.getByRole('button', { name: 'Apply it now' }).click();
  await page.getByText('Nobody counts as gone.').waitFor();
  await portal.inspect('synchronize-stored');
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByText('Everything was applied.').waitFor();
  const asked = portal.mock.requests.findLast(({ method }) => method === 'POST');
  assert.match(`${asked.path}${asked.query}`, /\/runs\?extent=stored$/);
  await page.getByRole('button', { name: 'Close' }).click();
  assert.equal(await offer.count(), 0);
}

export async function ten_thousand_entries_are_looked_at_and_approved(stage) {
  const { page } = stage;
  const portal = await open(stage, WAITING, { entries: 10_000 });
  await page.getByText('Nothing has been changed yet').waitFor();
  await page.getByRole('row', { name: /Person 0,/ }).waitFor();
  await portal.inspect('run');
  await page.getByRole('row').nth(2).focus();
  await portal.reach(300);
  assert.ok((await page.getByRole('row').count()) < 60, 'only rows in sight are in the page');
  await page.getByLabel('Show').selectOption('set_aside');
  await page.getByText('mail: “anna.mller0@brightmoor.example”.').first().waitFor();
  await page.getByRole('button', { name: /^Actions for cn=Person 5,/ }).click();
  await page.getByRole('menuitem', { name: 'Details' }).click();
  await page.getByText('Is the address of another contact, Anna Müller.').last().waitFor();
  await page.getByRole('button', { name: 'Close' }).click();
  await page.getByLabel('Show').selectOption('update');
  await page.getByRole('button', { name: /^Actions for cn=Person 0,/ }).click();
  await page.getByRole('menuitem', { name: 'Details' }).click();
  await page.getByRole('row', { name: 'Job title Support engineer Head of support' }).waitFor();
  await portal.inspect('entry-changes');
  await page.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByText(/^Out of service: cn=Person 2,/).waitFor();
  await page.getByText('… and 9 contacts more.').waitFor();
  await portal.inspect('run-approve');
  await page.getByRole('button', { name: 'Apply the plan' }).click();
  await portal.told('The run was approved.');
  await page.getByText('Everything was applied.').waitFor();
}

export async function a_run_is_undone_by_a_plan_that_is_looked_at_first(stage) {
  const { page } = stage;
  const portal = await open(stage, SOURCES);
  const runs = portal.mock.company[`/tenants/${TENANT}/runs`];
  for (const run of runs) run.is_undoable = run.state === 'succeeded';
  await portal.go(RUNS);
  await page
    .getByRole('row', { name: /Succeeded/ })
    .first()
    .getByRole('link')
    .first()
    .click();
  await page.getByText('Everything was applied.').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('heading', { name: 'Undo this run?' }).waitFor();
  await portal.inspect('run-undo');
  await page.getByRole('button', { name: 'Make the plan' }).click();
  await page.getByText('1 value stays because it changed since.').waitFor();
  await page.getByText('office: “9.99”.').waitFor();
  await page.getByRole('link', { name: 'Show that run' }).waitFor();
  await portal.inspect('run-undo-plan');
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByText('1 removed.').waitFor();
  await page.getByRole('button', { name: 'Apply the plan' }).click();
  await portal.told('The run was approved.');
  await page.getByText('Everything was applied.').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Undo' }).count(), 0);
}

export async function a_source_is_filled_from_an_address_book(stage) {
  const { page } = stage;
  const portal = await open(stage, SOURCES);
  await page.getByRole('link', { name: /^Active Directory/ }).click();
  await page.getByRole('button', { name: 'Fill from an address book…' }).click();
  await page.getByLabel('Output of Get-CsAddressBookConfiguration').fill(
    `Identity                   : Global
RunTimeOfDay               : 02:45
KeepDuration               : 45
SynchronizePollingInterval : 00:05:00
UseNormalizationRules      : True`,
  );
  await page.getByRole('button', { name: 'Read', exact: true }).click();
  await page.getByText('Schedule: 45 2 * * *, from RunTimeOfDay “02:45”').waitFor();
  await page.getByText('UseNormalizationRules: “True”.').waitFor();
  await portal.inspect('address-book', { isOverlay: true });
  await page.getByRole('button', { name: 'Fill the form' }).click();
  assert.equal(await page.getByRole('textbox', { name: 'Schedule' }).inputValue(), '45 2 * * *');
  await page.getByText('Every day at 02:45.').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await portal.told(/was saved\.$/);
  const patch = portal.mock.requests.findLast(({ method }) => method === 'PATCH');
  assert.deepEqual(patch.body, { schedule: '45 2 * * *', poll_minutes: 5, keep_days: 45 });
}

export async function a_run_is_watched_live_and_reported(stage) {
  const { page } = stage;
  const portal = await open(stage, RUNS);
  let goOn = () => {};
  portal.mock.admin.held = new Promise((resolve) => {
    goOn = resolve;
  });
  await page.getByRole('button', { name: 'Synchronize' }).click();
  await page.getByLabel('Source').selectOption({ index: 1 });
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByText('400 of about 1,200 · 400 a second · about 2 seconds left').waitFor();
  await portal.inspect('synchronize-live');
  await page.getByRole('button', { name: 'Show the run' }).click();
  await page.getByText('Reading the source and comparing…').waitFor();
  await page.getByText(/of about 1,200 · 400 a second/).waitFor();
  await portal.inspect('run-live');
  portal.mock.admin.held = null;
  goOn();
  await page.getByText('Everything was applied.').waitFor();
  await portal.go(WAITING);
  const report = page.getByRole('link', { name: 'Report (CSV)' });
  assert.match(await report.getAttribute('href'), /\/runs\/01MR0+1\/report\?format=csv$/);
  const [download] = await Promise.all([page.waitForEvent('download'), report.click()]);
  assert.equal(download.suggestedFilename(), 'run-01MR0000000000000000000001.csv');
}

export async function a_run_without_a_stream_is_looked_at_again_and_again(stage) {
  const { page } = stage;
  const portal = await open(stage, RUNS);
  for (const _ of [1, 2, 3, 4]) portal.mock.refuse(/GET .*progress$/, 429, 'Too many streams.');
  await page.getByRole('button', { name: 'Synchronize' }).click();
  await page.getByLabel('Source').selectOption({ index: 1 });
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByText('Everything was applied.').waitFor();
}

export async function sources_and_runs_speak_german(stage) {
  const { page } = stage;
  const portal = await open(stage, `${SOURCES}/new`, { language: 'de' });
  await page.getByRole('heading', { name: 'Eine Quelle hinzufügen' }).waitFor();
  await portal.inspect('source-new-de');
  await portal.go(WAITING);
  await page.getByText('Noch ist nichts geändert').waitFor();
  await page.getByRole('row', { name: /Person 0,/ }).waitFor();
  await portal.inspect('run-de');
}
