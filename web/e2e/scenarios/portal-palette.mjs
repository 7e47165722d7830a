/** The command palette: pages, contacts, sites and actions from everywhere. */
import assert from 'node:assert/strict';
import { openPortal } from '../portal-stage.mjs';

async function openPalette(stage, options) {
  const portal = await openPortal(stage, options);
  await stage.page.keyboard.press('Control+k');
  await stage.page.getByRole('combobox', { name: 'Search or go to' }).waitFor();
  return portal;
}

export async function goes_to_a_page_by_the_keyboard(stage) {
  const { page } = stage;
  const portal = await openPalette(stage);
  await page.getByRole('option', { name: 'Contacts' }).waitFor();
  await portal.inspect('palette', { isOverlay: true });
  await page.keyboard.type('publi');
  await page.getByRole('option', { name: 'Publications', selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Publications' }).waitFor();
}

export async function finds_contacts_and_sites_while_somebody_writes(stage) {
  const { page } = stage;
  const portal = await openPalette(stage, { contacts: 10_000 });
  await page.keyboard.type('berl');
  await page.getByRole('option', { name: 'Berlin' }).waitFor();
  await page.getByRole('combobox').fill('muller bjorn');
  await page
    .getByRole('option', { name: /Björn Müller/ })
    .first()
    .waitFor();
  await page.getByRole('option', { name: 'List of contacts with “muller bjorn”' }).waitFor();
  await portal.inspect('palette-found', { isOverlay: true });
  await page.keyboard.press('ArrowDown');
  const name = await page.getByRole('option', { selected: true }).innerText();
  await page.keyboard.press('Enter');
  await page.getByRole('tab', { name: 'Details' }).waitFor();
  const title = await page.getByRole('heading', { level: 1 }).textContent();
  assert.ok(name.includes(title), `${name} leads to ${title}`);
}

export async function says_that_nothing_was_found_and_gives_the_focus_back(stage) {
  const { page } = stage;
  const portal = await openPortal(stage);
  await page.getByRole('button', { name: 'Search or go to…' }).click();
  await page.getByRole('combobox', { name: 'Search or go to' }).fill('xyzzy');
  await page.getByText('Nothing found. Try another part of the name.').waitFor();
  await portal.inspect('palette-nothing', { isOverlay: true });
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  const focused = await page.evaluate(() => document.activeElement?.textContent);
  assert.match(focused, /Search or go to…/);
}

export async function does_things_as_well_in_german(stage) {
  const { page } = stage;
  await openPortal(stage, { language: 'de' });
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Suchen oder gehen zu' }).fill('sprache eng');
  await page.getByRole('option', { name: 'Sprache: English' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Search or go to…' }).waitFor();
}

export async function waits_while_a_dialog_is_open(stage) {
  const { page } = stage;
  await openPortal(stage, { path: 't/01M000000000000000000TENA1/contacts' });
  await page.getByRole('button', { name: 'Actions for Anna Müller', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Delete contact' }).waitFor();
  await page.keyboard.press('Control+k');
  assert.equal(await page.getByRole('combobox').count(), 0);
}
