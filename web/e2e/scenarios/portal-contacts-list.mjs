/** The list of contacts: filters, columns, and what is done to several contacts at once. */
import assert from 'node:assert/strict';
import { openPortal } from '../portal-stage.mjs';

const TENANT = '/tenants/01M000000000000000000TENA1';
const HOME = 't/01M000000000000000000TENA1';
const CONTACTS = `${HOME}/contacts`;

async function openList(stage, options = {}) {
  const portal = await openPortal(stage, { path: CONTACTS, ...options });
  await stage.page.getByRole('grid', { name: 'Contacts' }).waitFor();
  return portal;
}

const rows = (page) => page.locator('[data-row]');
const bar = (page) => page.getByRole('toolbar', { name: 'Selected entries' });
const works = (page, name) => page.getByRole('region', { name });

export async function filters_stand_in_the_address(stage) {
  const { page } = stage;
  const portal = await openList(stage);
  await page.getByRole('button', { name: 'Kind' }).click();
  await page.getByRole('menuitemradio', { name: 'Service' }).click();
  await page.waitForURL(/kind=service/);
  await page
    .getByRole('row', { name: /Service line/ })
    .first()
    .waitFor();
  await page.getByText('3 entries').waitFor();
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitemradio', { name: 'In service', exact: true }).click();
  await portal.inspect('contacts-filter-menu', { isOverlay: true });
  await page.keyboard.press('Escape');
  await page.waitForURL(/is_disabled=false/);
  await portal.inspect('contacts-filtered');

  await page.reload();
  await page.getByRole('button', { name: 'Kind: Service' }).waitFor();
  await page.getByText('3 entries').waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.getByText('60 entries').waitFor();
  assert.doesNotMatch(page.url(), /kind|is_disabled/);
}

export async function a_group_is_found_while_somebody_writes(stage) {
  const { page } = stage;
  const portal = await openList(stage);
  const group = portal.mock.company[`${TENANT}/groups`].find(({ name }) => name === 'Support');
  portal.mock.company[`${TENANT}/groups/${group.id}/members`] = portal.mock.company[
    `${TENANT}/contacts`
  ].slice(0, 2);
  await page.getByRole('button', { name: 'Group', exact: true }).click();
  await page.getByRole('combobox', { name: 'Group' }).fill('supp');
  await page.getByRole('option', { name: 'Support' }).waitFor();
  await stage.expectAccessible({ isOverlay: true });
  await page.getByRole('option', { name: 'Support' }).click();
  await page.getByRole('button', { name: 'Group: Support' }).waitFor();
  await page.getByText('2 entries').waitFor();
}

export async function a_site_and_a_source_are_chosen_and_the_address_is_shared(stage) {
  const { page } = stage;
  const portal = await openList(stage);
  const { company } = portal.mock;
  const [site] = company[`${TENANT}/sites`];
  const [source] = company[`${TENANT}/sources`];
  const from = { source: source.id, at: '2026-11-20T08:00:00Z' };
  for (const [at, contact] of company[`${TENANT}/contacts`].entries()) {
    if (at < 9) contact.home_site = site.id;
    if (at > 5) contact.provenance = { mail: from };
  }
  await page.getByRole('button', { name: 'Site', exact: true }).click();
  await page.getByRole('combobox', { name: 'Site' }).fill('berl');
  await page.getByRole('option', { name: 'Berlin' }).click();
  await page.getByText('9 entries').waitFor();
  await page.getByRole('button', { name: 'Source', exact: true }).click();
  await page.getByRole('menuitemradio', { name: 'Directory' }).click();
  await page.getByText('3 entries').waitFor();
  await portal.inspect('contacts-site-source');
  // Not their texts: initials stand there until a picture has come.
  const shown = (of) =>
    of
      .getByRole('row')
      .getByRole('link')
      .evaluateAll((links) => links.map((link) => new URL(link.href).pathname));
  const here = await shown(page);
  assert.equal(here.length, 3);

  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.getByRole('button', { name: 'Site: Berlin' }).waitFor();
  await other.getByRole('button', { name: 'Source: Directory' }).waitFor();
  await other.getByText('3 entries').waitFor();
  assert.deepEqual(await shown(other), here);
  await other.close();

  await page.getByRole('button', { name: 'Source: Directory' }).click();
  await page.getByRole('menuitemradio', { name: 'Made by hand' }).click();
  await page.getByText('6 entries').waitFor();
}

export async function a_filter_by_state_and_nobody_in_it(stage) {
  const { page } = stage;
  const portal = await openList(stage);
  await page.getByRole('button', { name: 'State' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Offline' }).click();
  await page.keyboard.press('Escape');
  await page.waitForURL(/state=offline/);
  await page
    .getByRole('row', { name: /Offline/ })
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Kind' }).click();
  await page.getByRole('menuitemradio', { name: 'Service' }).click();
  await page.getByText('No entry matches the filters.').waitFor();
  await portal.inspect('contacts-filtered-nobody');
}

export async function columns_are_chosen_and_remembered(stage) {
  const { page } = stage;
  const portal = await openList(stage);
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Job title' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'SIP/Skype' }).click();
  await portal.inspect('contacts-columns', { isOverlay: true });
  await page.keyboard.press('Escape');
  await page.getByRole('columnheader', { name: 'SIP/Skype' }).waitFor();
  await page.reload();
  await page.getByRole('columnheader', { name: 'SIP/Skype' }).waitFor();
  assert.equal(await page.getByRole('columnheader', { name: 'Job title' }).count(), 0);
}

export async function several_are_chosen_with_mouse_and_keyboard(stage) {
  const { page } = stage;
  const portal = await openList(stage);
  await rows(page).nth(1).getByRole('checkbox').click();
  await rows(page)
    .nth(4)
    .getByRole('checkbox')
    .click({ modifiers: ['Shift'] });
  await bar(page).getByText('4 selected').waitFor();
  await portal.inspect('contacts-chosen');
  await rows(page).nth(4).focus();
  await page.keyboard.press('Shift+ArrowDown');
  await bar(page).getByText('5 selected').waitFor();
  await page.keyboard.press('Space');
  await bar(page).getByText('4 selected').waitFor();
  await page.keyboard.press('Control+a');
  await bar(page).getByText('60 selected').waitFor();
  await page.keyboard.press('Escape');
  await bar(page).waitFor({ state: 'detached' });
  assert.equal(await page.getByRole('row', { selected: true }).count(), 0);
}

export async function all_of_a_long_list_can_be_chosen(stage) {
  const { page } = stage;
  await openList(stage, { contacts: 1500 });
  await page.getByRole('checkbox', { name: 'Select all that are loaded' }).click();
  await bar(page).getByText('100 selected').waitFor();
  await bar(page).getByRole('button', { name: 'Select all' }).click();
  await bar(page).getByText('1,500 selected').waitFor();
}

export async function chosen_contacts_come_into_a_group(stage) {
  const { page } = stage;
  const portal = await openList(stage);
  await rows(page).nth(0).getByRole('checkbox').click();
  await rows(page)
    .nth(2)
    .getByRole('checkbox')
    .click({ modifiers: ['Shift'] });
  portal.mock.refuse(/PUT .*\/members\//, 503, 'Busy.');
  for (let times = 0; times < 2; times += 1) portal.mock.refuse(/PUT .*\/members\//, 503, 'Busy.');
  await bar(page).getByRole('button', { name: 'Add to group' }).click();
  await page.getByRole('heading', { name: 'Add 3 contacts to a group' }).waitFor();
  await page.getByRole('combobox', { name: 'Group' }).fill('supp');
  await portal.inspect('contacts-to-group', { isOverlay: true });
  await page.getByRole('option', { name: 'Support' }).click();
  const work = works(page, 'Into the group “Support”: 3 contacts');
  await work.getByText(/of 3 done/).waitFor();
  await portal.inspect('contacts-work');
  const puts = portal.mock.requests.filter(({ method }) => method === 'PUT');
  assert.ok(puts.length >= 3);
}

export async function vcards_are_enabled_and_whoever_changed_is_named(stage) {
  const { page } = stage;
  const portal = await openList(stage);
  const path = `${TENANT}/contacts`;
  await rows(page).nth(0).getByRole('checkbox').click();
  await rows(page)
    .nth(2)
    .getByRole('checkbox')
    .click({ modifiers: ['Shift'] });
  const name = await rows(page).nth(1).locator('a [title]').getAttribute('title');
  const changed = portal.mock.company[path].find(({ display_name }) => display_name === name);
  portal.mock.change(`${path}/${changed.id}`, { office: 'elsewhere' });
  await bar(page).getByRole('button', { name: 'vCard' }).click();
  await page.getByRole('menuitem', { name: 'Enable vCard' }).click();
  const work = works(page, 'Enabling the vCards of 3 contacts');
  await work.getByText('2 of 3 done. 1 failed:').waitFor();
  await work.getByText(new RegExp(`^${name}: `)).waitFor();
  await portal.inspect('contacts-work-failed');
  await work.getByRole('button', { name: 'Close' }).click();
  await work.waitFor({ state: 'detached' });
  const given = portal.mock.company[path].filter(({ is_vcard_enabled }) => is_vcard_enabled);
  assert.equal(given.length, 2);
}

export async function what_goes_on_goes_on_elsewhere(stage) {
  const { page } = stage;
  const portal = await openList(stage);
  await rows(page).nth(0).getByRole('checkbox').click();
  await rows(page)
    .nth(5)
    .getByRole('checkbox')
    .click({ modifiers: ['Shift'] });
  await bar(page).getByRole('button', { name: 'Resubscribe' }).click();
  await page.getByRole('link', { name: 'Home' }).click();
  await works(page, 'Resubscribing 6 contacts').getByText('6 of 6 done.').waitFor();
  const asked = portal.mock.requests.filter(({ path }) => path.endsWith('/resubscribe'));
  assert.equal(asked.length, 6);
}

export async function chosen_contacts_are_synchronized_by_the_hundred(stage) {
  const { page } = stage;
  const portal = await openList(stage, { contacts: 250 });
  await rows(page).nth(0).focus();
  await page.keyboard.press('Control+a');
  await bar(page).getByRole('button', { name: 'Select all' }).click();
  await bar(page).getByText('250 selected').waitFor();
  await bar(page).getByRole('button', { name: 'Synchronize' }).click();
  await works(page, 'Asking for 250 contacts to be synchronized')
    .getByText('250 of 250 done.')
    .waitFor();
  const sizes = portal.mock.requests
    .filter(({ path }) => path.endsWith('/contacts/synchronize'))
    .map(({ body }) => body.contacts.length);
  assert.deepEqual(sizes.sort(), [100, 100, 50]);
}

export async function deleted_contacts_come_back(stage) {
  const { page } = stage;
  const portal = await openList(stage);
  await rows(page).nth(0).getByRole('checkbox').click();
  await bar(page).getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('heading', { name: 'Delete 1 contact?' }).waitFor();
  await page.getByText('For 30 days it can be brought back').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await rows(page)
    .nth(1)
    .getByRole('checkbox')
    .click({ modifiers: ['Shift'] });
  await bar(page).getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('heading', { name: 'Delete 2 contacts?' }).waitFor();
  await page.getByText('For 30 days they can be brought back').waitFor();
  await page.getByText('This also happens:').or(page.getByText('Nothing else')).waitFor();
  await portal.inspect('contacts-delete', { isOverlay: true });
  await page.getByRole('button', { name: 'Delete 2 contacts' }).click();
  const work = works(page, 'Deleting 2 contacts');
  await work.getByText('2 of 2 done.').waitFor();
  await page.getByText('58 entries').waitFor();
  await portal.inspect('contacts-deleted');
  await work.getByRole('button', { name: 'Undo' }).click();
  await works(page, 'Bringing 2 contacts back').getByText('2 of 2 done.').waitFor();
  await page.getByText('60 entries').waitFor();
}

export async function one_deleted_contact_comes_back_too(stage) {
  const { page } = stage;
  const portal = await openList(stage);
  await page.getByRole('button', { name: 'Actions for Anna Müller', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Delete contact' }).click();
  await page.getByRole('link', { name: 'Anna Müller', exact: true }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await portal.told('Anna Müller is back.');
  await page.getByRole('link', { name: 'Anna Müller', exact: true }).waitFor();
}

export async function the_number_is_that_of_the_rows_that_are_shown(stage) {
  const { page } = stage;
  const portal = await openList(stage, { contacts: 1500 });
  await page.getByText('1,500 entries').waitFor();
  const counted = () =>
    portal.mock.requests.filter(({ path }) => path.endsWith('/contacts/count')).length;
  assert.equal(counted(), 1);
  // The number stays over the rows that stay, until those of the search are there.
  let answer;
  await page.route(/\/contacts\?(?!.*after=).*q=/, async (route) => {
    await new Promise((resolve) => {
      answer = resolve;
    });
    await route.continue();
  });
  const asked = page.waitForRequest(/\/contacts\?.*q=Service/);
  await page.getByRole('searchbox').fill('Service line');
  await asked;
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  assert.equal(counted(), 1);
  await page.getByText('1,500 entries').waitFor();
  answer();
  await page.getByText('1,500 entries').waitFor({ state: 'detached' });
  await portal.settle();
  assert.match(await page.getByRole('status').first().textContent(), /^\d+ entries$/);
  assert.equal(counted(), 1);
}
