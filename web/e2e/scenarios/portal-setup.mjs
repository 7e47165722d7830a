/** Setting a tenant up: from nothing to cards on a web page. */
import assert from 'node:assert/strict';
import { furnish } from '../mock-admin.mjs';
import { TENANT } from '../mock-company.mjs';
import { openPortal } from '../portal-stage.mjs';

const AT = `/tenants/${TENANT}`;
const LONG = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';

/** Opens a tenant in which nothing was done yet, but for `kept` and what `before` does. */
async function openEmpty(stage, { path = 'setup', kept = [], before, ...options } = {}) {
  const portal = await openPortal(stage, options);
  const { company } = portal.mock;
  const kinds = ['domains', 'sources', 'runs', 'publications'].filter((one) => !kept.includes(one));
  for (const kind of kinds) company[`${AT}/${kind}`] = [];
  before?.(company);
  await portal.open(`t/${TENANT}/${path}`);
  return portal;
}

const button = (page, name) => page.getByRole('button', { name, exact: true });

/** Waits until `text` has the focus. */
const focused = (page, text) =>
  page.waitForFunction((it) => document.activeElement?.textContent === it, text);

/** What the steps say is done, in order. */
async function done(page) {
  const steps = page.getByRole('list', { name: 'Steps' }).first().getByRole('listitem');
  const done = await steps.filter({ hasText: /Done/ }).all();
  return Promise.all(done.map((step) => step.getByRole('heading').first().innerText()));
}

/** Adds the website with which a set-up begins. */
async function addWebsite({ page, portal }) {
  await page.getByLabel('Title').fill('Main website');
  await page.getByRole('textbox', { name: /Hosts/ }).fill('www.example.com');
  await button(page, 'Add domain').click();
  await portal.told('Main website was added.');
}

/** Adds a directory, tried before it is kept. */
async function addDirectory({ page, portal }) {
  await button(page, 'Close: Directory').waitFor();
  await page.getByLabel('Kind').selectOption('file');
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Head office');
  await page.getByLabel('Path').fill('people.ldif');
  await button(page, 'Test connection').click();
  await page.getByText('people.ldif can be read', { exact: false }).waitFor();
  await portal.look('setup-source', { size: 'phone', scheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 800 });
  for (let step = 0; step < 2; step += 1) await button(page, 'Next').first().click();
  await button(page, 'Add source').click();
  await portal.told('Head office was added.');
}

/** Has the directory read, and sees the plan before anything is written. */
async function readDirectory({ page, portal }) {
  await button(page, 'Close: First synchronization').waitFor();
  await button(page, 'Read and show the plan').click();
  await page.getByText('3 changes wait for approval').waitFor();
  await page.getByText(/^cn=Anna Müller/).waitFor();
  const [asked] = portal.mock.requests.filter(({ path }) => /sources\/.*\/runs$/.test(path));
  assert.equal(asked.query, '?extent=whole&is_preview=true');
  await portal.inspect('setup-plan');
  await button(page, 'Approve').click();
  await page.getByRole('button', { name: 'Apply the plan' }).click();
  await page.getByText('Everything was applied.').waitFor();
  await button(page, 'Next').click();
}

/** Adds what the page shows. */
async function addPublication({ page, portal }) {
  await button(page, 'Close: Publication').waitFor();
  await page.getByLabel('Title').fill('Support');
  assert.ok(await page.getByRole('checkbox', { name: /Main website/ }).isChecked());
  await button(page, 'Add publication').click();
  await portal.told('Support was added.');
}

export async function leads_from_nothing_to_a_snippet(stage) {
  const { page } = stage;
  const portal = await openEmpty(stage);
  await page.getByRole('heading', { level: 1, name: 'Set-up' }).waitFor();
  assert.deepEqual(await done(page), ['Tenant']);
  await portal.inspect('setup-empty');
  const here = { page, portal };
  await addWebsite(here);
  await addDirectory(here);
  await readDirectory(here);
  await addPublication(here);
  await page.getByRole('combobox', { name: 'Add a contact or a group' }).fill('anna');
  await page.getByRole('option').first().click();
  await button(page, 'Save cards').click();
  await portal.told('The cards were saved.');
  await button(page, 'Next').click();

  // What goes into the web page, and how it looks there.
  await page.getByText('<switchboard-contacts publication="key-', { exact: false }).waitFor();
  await page.locator('switchboard-contacts .card').first().waitFor();
  await page.getByRole('heading', { name: 'Everything is set up' }).waitFor();
  assert.deepEqual(await done(page), [
    'Tenant',
    'Website',
    'Directory',
    'First synchronization',
    'Publication',
    'Widget',
  ]);
  await portal.inspect('setup-done');
}

export async function keeps_what_was_typed_while_other_steps_are_open(stage) {
  const { page } = stage;
  const portal = await openEmpty(stage);
  await page.getByLabel('Title').fill('Main website');
  await button(page, 'Begin: Directory').click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Head office');
  // A publication that is seen here for the first time is looked into, with all else in its place.
  await button(page, 'Begin: Publication').click();
  const own = page.getByRole('listitem').filter({ has: button(page, 'Close: Publication') });
  await own.getByLabel('Title').fill('Support');
  await button(page, 'Add publication').click();
  await portal.told('Support was added.');
  await page.getByRole('combobox', { name: 'Add a contact or a group' }).waitFor();
  await button(page, 'Begin: Directory').click();
  const name = page.getByRole('textbox', { name: 'Name', exact: true });
  assert.equal(await name.inputValue(), 'Head office');
  await button(page, 'Close: Directory').click();
  await name.waitFor({ state: 'hidden' });
  await button(page, 'Begin: Website').click();
  assert.equal(await page.getByRole('textbox', { name: 'Title' }).inputValue(), 'Main website');
  // It is still asked about before another page.
  await page.getByRole('link', { name: 'Contacts', exact: true }).first().click();
  await page.getByRole('alertdialog').waitFor();
}

export async function goes_back_from_what_is_not_added_after_all(stage) {
  const { page } = stage;
  const portal = await openEmpty(stage);
  // Where there is nothing yet the step is shut; what was written is asked about.
  await page.getByLabel('Title').fill('Main website');
  await button(page, 'Cancel').click();
  await button(page, 'Stay').click();
  assert.equal(await page.getByRole('textbox', { name: 'Title' }).inputValue(), 'Main website');
  await button(page, 'Cancel').click();
  await button(page, 'Leave').click();
  await focused(page, 'Begin');
  await button(page, 'Begin: Website').click();
  assert.equal(await page.getByRole('textbox', { name: 'Title' }).inputValue(), '');
  await addWebsite({ page, portal });
  await addDirectory({ page, portal });
  // Where there is something it is shown again.
  await button(page, 'Look at it: Directory').click();
  await button(page, 'Add a source').click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Another');
  await button(page, 'Cancel').click();
  await button(page, 'Leave').click();
  await page.getByText('Contacts come from these sources:').waitFor();
  await focused(page, 'Add a source');
  assert.match(page.url(), /step=source$/);
}

export async function has_the_focus_stay_where_the_last_step_is_left_out(stage) {
  const { page } = stage;
  await openEmpty(stage, { path: 'setup?step=widget' });
  await button(page, 'Leave out for now').click();
  await page.waitForFunction(
    () => document.activeElement?.getAttribute('aria-label') === 'Begin: Widget',
  );
}

export async function tells_of_sources_that_nobody_is_read_from(stage) {
  const { page } = stage;
  await openEmpty(stage, {
    path: 'setup?step=source',
    before(company) {
      furnish(company, TENANT);
      const [first] = company[`${AT}/sources`];
      const connection = { kind: 'sip', host: 'sip.example', address: 'sip:desk@sip.example' };
      company[`${AT}/sources`] = [{ ...first, connection }];
      company[`${AT}/runs`] = [];
    },
  });
  await button(page, 'Close: Directory').waitFor();
  const nobody = 'Your sources say only how available people are, so there is nobody to read.';
  assert.equal(await page.getByText(nobody).count(), 2);
  assert.equal(await page.getByText('Contacts were read from a source.').count(), 0);
  assert.equal(await page.getByText('Contacts come from these sources:').count(), 0);
}

export async function knows_that_another_publication_than_the_first_is_on_a_page(stage) {
  const { page } = stage;
  await openEmpty(stage, {
    path: 'setup?step=widget',
    kept: ['publications'],
    before(company) {
      const [first, ...others] = company[`${AT}/publications`];
      const empty = { ...first, id: '01MP0000000000000000000099', key: 'key-empty' };
      const shown = { ...first, domains: ['01MW0000000000000000000001'] };
      company[`${AT}/publications`] = [empty, shown, ...others];
      company[`${AT}/publications/${empty.id}/entries`] = [];
    },
  });
  await button(page, 'Close: Widget').waitFor();
  assert.ok((await done(page)).includes('Widget'));
  await page.getByText('<switchboard-contacts publication="', { exact: false }).waitFor();
  assert.equal(await page.getByText('key-empty', { exact: false }).count(), 0);
}

export async function stays_with_the_publication_that_somebody_works_with(stage) {
  const { page } = stage;
  const other = '01MP0000000000000000000099';
  await page.clock.install();
  const portal = await openEmpty(stage, {
    path: 'setup?step=publication',
    kept: ['publications'],
    before(company) {
      const [first] = company[`${AT}/publications`];
      const empty = { ...first, id: other, key: 'key-other', title: 'Another page', domains: [] };
      company[`${AT}/publications`] = [first, empty];
    },
  });
  const working = page.getByText('Choose who is shown in “Website”');
  await working.waitFor();
  // Somebody else gets further with another one.
  portal.mock.change(`${AT}/publications/${other}`, { domains: ['01MW0000000000000000000001'] });
  portal.mock.places.setEntries(other, [{ contact: '01MC0000000000000000000001' }]);
  const isRead = (response) => response.url().endsWith(`/publications/${other}/entries`);
  const again = page.waitForResponse(isRead);
  await page.clock.runFor(16_000);
  await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')));
  await again;
  // The step of the widget is done by the other one, and this one stays.
  await page.getByText('Ready to be pasted into your web page.').waitFor();
  await working.waitFor();
}

export async function says_on_the_start_page_what_is_not_there(stage) {
  const { page } = stage;
  await openEmpty(stage, {
    path: '',
    kept: ['publications'],
    before(company) {
      company[`${AT}/contacts`] = [];
    },
  });
  await page.getByText('No contacts yet: a few steps lead from your directory to them.').waitFor();
  assert.equal(await page.getByText('No cards on your website yet', { exact: false }).count(), 0);
}

export async function is_left_out_left_and_gone_on_with(stage) {
  const { page } = stage;
  const portal = await openEmpty(stage, { path: '' });
  await page.getByRole('heading', { name: 'Set this tenant up' }).waitFor();
  await portal.inspect('home-set-up');
  await button(page, 'Go on').click();
  await button(page, 'Leave out for now').click();
  await button(page, 'Close: Directory').waitFor();
  assert.match(page.url(), /step=source$/);
  await focused(page, 'Directory');
  // Where somebody is stands in the address, what is done in what there is.
  await page.reload();
  await button(page, 'Close: Directory').waitFor();
  await button(page, 'Begin: Website').click();
  await page.getByLabel('Title').waitFor();
  await button(page, 'Close: Website').click();
  await page.getByLabel('Title').waitFor({ state: 'hidden' });
  await portal.go(`t/${TENANT}/sources`);
  await page.getByRole('link', { name: 'Step by step' }).click();
  await button(page, 'Close: Directory').waitFor();
  for (const [kind, step] of [
    ['domains', 'Website'],
    ['publications', 'Publication'],
  ]) {
    await portal.go(`t/${TENANT}/${kind}`);
    await page.getByRole('link', { name: 'Step by step' }).click();
    await button(page, `Close: ${step}`).waitFor();
  }
}

export async function goes_on_with_a_plan_that_waits_and_says_why_a_run_failed(stage) {
  const { page } = stage;
  const portal = await openEmpty(stage, {
    path: 'setup?step=run',
    before(company) {
      furnish(company, TENANT);
      const second = { ...company[`${AT}/sources`][0], id: '01MD0000000000000000000099' };
      company[`${AT}/sources`].push({ ...second, name: LONG });
      for (const { id } of company[`${AT}/runs`]) company[`${AT}/runs/${id}/entries`] ??= [];
    },
  });
  const { company } = portal.mock;
  await page.getByLabel('Source').waitFor();
  await page.getByText('could not be reached', { exact: false }).first().waitFor();
  await button(page, 'Read again').waitFor();
  await portal.inspect('setup-failed');
  portal.mock.refuse(/POST .*\/runs/, 409, 'A run of this source has not ended.');
  await button(page, 'Read again').click();
  await page.getByText('A run of this source has not ended.').waitFor();
  await button(page, 'Read again').click();
  await page.getByText('3 changes wait for approval').waitFor();
  await button(page, 'Cancel run').click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel run' }).click();
  await page.getByText('Cancelled', { exact: true }).first().waitFor();
  assert.equal(company[`${AT}/runs`][0].state, 'cancelled');
}

export async function begins_with_the_tenant_and_is_handed_over(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { as: 'root', path: 'tenants' });
  furnish(portal.mock.company, TENANT);
  await portal.arrived();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search or go to' }).fill('set a tenant up');
  await page.getByRole('option', { name: 'Set a tenant up', selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(LONG);
  await button(page, 'Add tenant').click();
  await page.getByRole('heading', { level: 1, name: 'Set-up' }).waitFor();
  await page.getByText('Nobody runs this tenant yet.').waitFor();
  assert.equal(await page.getByText('Done by the tenant’s administrator.').count(), 5);
  assert.equal(await button(page, 'Begin: Website').count(), 0);
  await portal.inspect('setup-above');
  await button(page, 'Add a user').click();
  await page.getByRole('heading', { level: 1, name: 'Add a user' }).waitFor();
  // Somebody is given the role; who comes back sees that it is done.
  const made = portal.mock.company['/tenants'].at(-1).id;
  portal.mock.company[`/tenants/${made}/grants`].push({
    id: '01MH0000000000000000000099',
    user: '01MU0000000000000000000001',
    role: 'tenant',
    scope: { kind: 'tenant', id: made },
    created_at: '2026-11-22T08:00:00Z',
  });
  await portal.open(`t/${made}/setup?step=administrator`);
  await page.getByText('The tenant is handed over.', { exact: false }).waitFor();
  await portal.inspect('setup-handed-over');
}

export async function speaks_german_and_says_what_cannot_be_read(stage) {
  const { page } = stage;
  const portal = await openEmpty(stage, { language: 'de', path: '' });
  portal.mock.refuse(/GET .*\/domains/, 422, 'Nein.');
  await page.getByRole('button', { name: 'Weiter', exact: true }).click();
  await page.getByRole('alert').getByText('Die Domains waren nicht zu lesen.').waitFor();
  await page.getByText('Wie es damit steht, war nicht herauszufinden.').waitFor();
  // The others can be done meanwhile.
  await button(page, 'Schließen: Verzeichnis').waitFor();
  await portal.inspect('setup-unread-de');
  await page.getByRole('button', { name: 'Erneut versuchen' }).click();
  await page.getByRole('alert').waitFor({ state: 'detached' });
  await page.getByRole('heading', { level: 2, name: 'Verzeichnis' }).waitFor();
  await portal.inspect('setup-de');
}

export async function is_there_when_runs_cannot_be_read(stage) {
  const { page } = stage;
  const portal = await openEmpty(stage, { path: 'settings' });
  portal.mock.refuse(/GET .*\/runs/, 422, 'No.');
  // Runs are read again by themselves after a while: both are looked for at once.
  const seen = [
    page.getByRole('alert').getByText('The runs could not be read.').waitFor(),
    page.getByText('How this stands could not be found out.').waitFor(),
    page.getByRole('button', { name: 'Try again' }).waitFor(),
  ];
  await portal.go(`t/${TENANT}/setup`);
  await Promise.all(seen);
  await page.getByRole('alert').waitFor({ state: 'detached' });
  await page.getByText('See whom it would add, and let it.').waitFor();
}

export async function is_walked_through_without_a_mouse(stage) {
  const { page } = stage;
  await openEmpty(stage);
  await page.getByLabel('Title').focus();
  await page.keyboard.type('Main website');
  await page.keyboard.press('Tab');
  await page.keyboard.type('www.example.com');
  await page.keyboard.press('Tab');
  for (let tabs = 0; tabs < 12; tabs += 1) {
    const here = await page.evaluate(() => document.activeElement?.textContent);
    if (here === 'Add domain') break;
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await focused(page, 'Directory');
  assert.deepEqual(await done(page), ['Tenant', 'Website']);
}
