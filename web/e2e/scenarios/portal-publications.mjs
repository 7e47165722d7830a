/** The portal's publications: what a page shows, when, where, and how it looks there. */
import assert from 'node:assert/strict';
import { SIZES } from '../looks.mjs';
import { openPortal } from '../portal-stage.mjs';

const TENANT = '/tenants/01M000000000000000000TENA1';
const HOME = 't/01M000000000000000000TENA1';

const publicationOf = (portal) => portal.mock.company[`${TENANT}/publications`][0];

function addDomain(portal) {
  const kept = {
    revision: 1,
    created_at: '2026-11-20T08:00:00Z',
    updated_at: '2026-11-20T08:00:00Z',
  };
  const domain = {
    id: '01MW0000000000000000000001',
    title: 'Main website',
    hosts: ['www.example.com', 'shop.example.com'],
    is_http_allowed: false,
    is_https_allowed: true,
    ...kept,
  };
  portal.mock.company[`${TENANT}/domains`].push(domain);
  return domain;
}

async function openWebsite(stage, tab, options = {}) {
  const portal = await openPortal(stage, { path: null, ...options });
  const { before } = options;
  const id = publicationOf(portal).id;
  await before?.(portal);
  await portal.go(`${HOME}/publications/${id}${tab ? `?tab=${tab}` : ''}`);
  await stage.page.getByRole('tab', { selected: true }).waitFor();
  return portal;
}

export async function publications_are_listed_and_made(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { path: null });
  const domain = addDomain(portal);
  await portal.go(`${HOME}/publications`);
  await page.getByRole('grid', { name: 'Publications' }).waitFor();
  await portal.inspect('publications');
  await page.getByRole('button', { name: 'Add publication' }).click();
  await page.getByRole('textbox', { name: 'Title' }).fill('Shop');
  await page.getByRole('combobox', { name: 'Site' }).selectOption('Berlin');
  await page.getByRole('checkbox', { name: /Main website/ }).check();
  await page.getByRole('switch', { name: /One result for each group/ }).click();
  await page.getByRole('switch', { name: 'All that the tenant offers' }).click();
  await page.getByRole('checkbox', { name: 'Video' }).uncheck();
  await page.getByRole('switch', { name: /Always open/ }).click();
  await page.getByLabel('Monday: opens (1)').waitFor();
  await portal.inspect('publication-new');
  await page.getByRole('button', { name: 'Add publication' }).click();
  await portal.told('Shop was added.');
  await page.getByRole('tab', { name: 'Cards', selected: true }).waitFor();
  const made = portal.mock.company[`${TENANT}/publications`].find(({ title }) => title === 'Shop');
  assert.deepEqual(made.domains, [domain.id]);
  assert.equal(made.is_group_result, true);
  assert.deepEqual(made.modalities, ['chat', 'audio', 'phone', 'mail']);
  assert.equal(made.opening_hours.weekly.length, 7);
}

export async function opening_hours_are_copied_checked_and_kept(stage) {
  const { page } = stage;
  const portal = await openWebsite(stage);
  await page.getByRole('switch', { name: /Always open/ }).click();
  await page.getByLabel('Monday: closes (1)').fill('12:00');
  await page.getByRole('button', { name: 'Monday: add hours' }).click();
  await page.getByLabel('Monday: opens (2)').fill('11:30');
  await page.getByLabel('Monday: closes (2)').fill('00:00');
  await page.getByText('Overlaps with other hours of this day.').first().waitFor();
  await page.getByRole('button', { name: 'Add a day' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Check the hours that are marked.').waitFor();
  await page.getByText('Enter a date.').waitFor();
  await portal.inspect('opening-refused');
  await page.getByLabel('Monday: opens (2)').fill('13:00');
  await page.getByLabel('Exception 1: date').fill('2026-12-25');
  await page.getByLabel('2026-12-25: name').fill('Christmas');
  await page.getByRole('button', { name: 'Copy Monday to…' }).click();
  await page.getByRole('menuitem', { name: 'Monday to Friday' }).click();
  await page.getByLabel('Friday: opens (2)').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await portal.told('Website was saved.');
  await portal.inspect('opening', { isOverlay: true });
  const { opening_hours } = publicationOf(portal);
  assert.deepEqual(opening_hours.weekly[4], [
    { from: 540, to: 720 },
    { from: 780, to: 1440 },
  ]);
  assert.deepEqual(opening_hours.weekly[5], []);
  assert.deepEqual(opening_hours.holidays, [
    { date: '2026-12-25', name: 'Christmas', intervals: [] },
  ]);
}

export async function cards_are_added_ordered_and_removed(stage) {
  const { page } = stage;
  const portal = await openWebsite(stage, 'cards');
  const add = page.getByRole('combobox', { name: 'Add a contact or a group' });
  await page.getByText('1 of 500 cards').waitFor();
  await add.fill('hohenstein');
  await page
    .getByRole('option', { name: /Hohenstein/ })
    .first()
    .waitFor();
  await stage.expectAccessible({ isOverlay: true });
  await stage.shot('portal-cards-pick', false);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await add.fill('support');
  await page
    .getByRole('option', { name: /^Support/ })
    .last()
    .click();
  await page.getByText('4 of 500 cards').waitFor();
  await page.keyboard.press('Escape');
  const names = () => page.locator('[data-row] [title]').allTextContents();
  const down = page.getByRole('button', { name: 'Move Anna Müller down' });
  await down.focus();
  await page.keyboard.press('Alt+ArrowDown');
  await page.waitForFunction(
    () => document.activeElement?.closest('[data-row]')?.getAttribute('data-row') === '1',
  );
  await page.getByText('Anna Müller: place 2 of 3.').first().waitFor();
  assert.match((await names())[1], /Anna/);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Delete');
  await page.getByText('was taken out.').first().waitFor();
  await portal.inspect('cards', { isOverlay: true });
  await page.getByRole('button', { name: 'Save cards' }).click();
  await portal.told('The cards were saved.');
  const { id, revision } = publicationOf(portal);
  assert.deepEqual(
    portal.mock.places.entries(id).map((entry) => Object.keys(entry)[0]),
    ['contact', 'group'],
  );
  // The details go on from there: what was saved here is no conflict for them.
  await page.getByRole('tab', { name: 'Details' }).click();
  await page.getByRole('textbox', { name: 'Title' }).fill('Home page');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await portal.told('Home page was saved.');
  assert.equal(publicationOf(portal).revision, revision + 1);
}

export async function cards_that_others_changed_are_not_lost(stage) {
  const { page } = stage;
  const portal = await openWebsite(stage, 'cards');
  await page.getByRole('button', { name: 'Take Anna Müller out' }).click();
  await page.getByText('It shows nothing yet.').waitFor();
  const { id } = publicationOf(portal);
  const second = portal.mock.company[`${TENANT}/contacts`][1].id;
  const first = portal.mock.company[`${TENANT}/contacts`][0].id;
  portal.mock.places.setEntries(id, [{ contact: first }, { contact: second }]);
  portal.mock.change(`${TENANT}/publications/${id}`, {});
  await page.getByRole('button', { name: 'Save cards' }).click();
  await page.getByText('before: 1 of 500 cards, now: 2 of 500 cards').waitFor();
  await portal.inspect('cards-conflict');
  await page.getByRole('button', { name: 'Reload, drop my changes' }).click();
  await page.getByText('2 of 500 cards').waitFor();
}

export async function five_hundred_cards_are_the_most(stage) {
  const { page } = stage;
  const portal = await openWebsite(stage, 'cards', {
    contacts: 600,
    before: (portal) => {
      const people = portal.mock.company[`${TENANT}/contacts`].slice(1, 501);
      const entries = people.map(({ id }) => ({ contact: id }));
      portal.mock.places.setEntries(publicationOf(portal).id, entries);
    },
  });
  await page.getByText('500 of 500 cards').waitFor();
  assert.ok((await page.locator('[data-row]').count()) < 40, 'only rows in sight are in the page');
  const up = page.locator('[data-row="0"] [data-deed=down]');
  await up.focus();
  await page.keyboard.press('End');
  await page.waitForFunction(
    () => document.activeElement?.closest('[data-row]')?.getAttribute('data-row') === '499',
  );
  await page.keyboard.press('Delete');
  await page.getByText('499 of 500 cards').waitFor();
  await page.getByRole('combobox', { name: 'Add a contact or a group' }).fill('support');
  await page
    .getByRole('option', { name: /^Support/ })
    .last()
    .click();
  await page.getByText('There may be 500 cards at most').waitFor();
  await page.keyboard.press('Escape');
  await portal.inspect('cards-many');
}

export async function the_key_is_replaced_with_a_warning(stage) {
  const { page } = stage;
  const portal = await openWebsite(stage, 'embed', {
    before: (portal) => {
      publicationOf(portal).domains = [addDomain(portal).id];
    },
  });
  await page.getByText('publication="website-key"').waitFor();
  await page.getByText('https://shop.example.com', { exact: true }).waitFor();
  await portal.inspect('embed');
  await page.getByRole('button', { name: 'Copy' }).click();
  await page
    .getByText(/Copied\.|press Ctrl\+C/)
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Replace key' }).click();
  await page.getByText('shows nothing until you change it').waitFor();
  await portal.inspect('embed-rotate');
  await page.getByRole('button', { name: 'Replace key' }).click();
  await portal.told('The key was replaced.');
  await page.getByText('publication="key-2"').waitFor();
}

export async function the_preview_is_the_widget_itself(stage) {
  const { page } = stage;
  const portal = await openWebsite(stage, 'preview');
  await page.locator('switchboard-contacts .card').first().waitFor();
  await page.locator('switchboard-contacts').getByText('Anna Müller').waitFor();
  await portal.inspect('preview');
  const id = publicationOf(portal).id;
  portal.mock.change(`${TENANT}/publications/${id}`, { is_enabled: false });
  await portal.go(`${HOME}/publications/${id}?tab=preview`);
  await page.getByText('This publication is switched off').waitFor();
  await page.getByRole('list', { name: 'Cards' }).getByText('Anna Müller').waitFor();
  await portal.inspect('preview-off');
}

export async function a_refused_preview_says_why_and_shows_the_cards(stage) {
  const { page } = stage;
  const portal = await openWebsite(stage, 'preview', {
    before: (portal) => {
      portal.mock.visits.isOriginRefused = true;
    },
  });
  await page.getByText('not of the publication’s domains').waitFor();
  await page.getByRole('list', { name: 'Cards' }).getByText('Anna Müller').waitFor();
  await portal.inspect('preview-refused');
}

export async function publications_speak_german(stage) {
  const { page } = stage;
  const portal = await openWebsite(stage, '', { language: 'de' });
  await page.getByRole('switch', { name: /Immer geöffnet/ }).click();
  await page.getByLabel('Montag: öffnet (1)').waitFor();
  await portal.inspect('publication-de');
  await page.getByRole('tab', { name: 'Karten' }).click();
  await page.getByText('1 von 500 Karten').waitFor();
  await portal.inspect('cards-de');
  await page.getByRole('tab', { name: 'Einbetten' }).click();
  await portal.inspect('embed-de');
}

export async function a_publication_is_deleted_with_its_consequences(stage) {
  const { page } = stage;
  const portal = await openWebsite(stage);
  await page.setViewportSize(SIZES.phone);
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('Pages that carry its key show nothing any more.').waitFor();
  await portal.inspect('publication-remove');
  await page.getByRole('button', { name: 'Delete publication' }).click();
  await page.getByRole('heading', { name: 'No publications yet' }).waitFor();
  await portal.inspect('publications-empty', { isOverlay: true });
}
