/** Dialogs in which somebody writes ask before that is thrown away. */
import assert from 'node:assert/strict';
import { furnish } from '../mock-admin.mjs';
import { TENANT } from '../mock-company.mjs';
import { openPortal } from '../portal-stage.mjs';

const HOME = `t/${TENANT}`;

async function open(stage, path) {
  const portal = await openPortal(stage, { path: null });
  furnish(portal.mock.company, TENANT);
  portal.mock.company['/tenants'].find(({ id }) => id === TENANT).client_licences = 5;
  portal.mock.profiles.own = { is_fixed: false, mode: 'active', profile: 'lunch' };
  await portal.go(path);
  return portal;
}

const question = (page) => page.getByRole('alertdialog', { name: 'Leave without saving?' });

/** What lies outside of the dialog. */
const pressOutside = (page) => page.mouse.click(4, 4);

/**
 * Tries to leave a dialog, `field` of which holds `text`, in each way there is: what is written stays as
 * long as nobody says that it may go.
 */
async function isGuarded(page, field, text) {
  const ways = {
    escape: () => page.keyboard.press('Escape'),
    outside: () => pressOutside(page),
    cancel: () => page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click(),
  };
  for (const [way, leave] of Object.entries(ways)) {
    await leave();
    await question(page).waitFor();
    // Enter is the answer by which nothing is lost.
    await question(page).locator('button:focus', { hasText: 'Stay' }).waitFor();
    await page.keyboard.press('Enter');
    await question(page).waitFor({ state: 'detached' });
    assert.equal(await field.inputValue(), text, way);
  }
  await field.press('Escape');
  await question(page).waitFor();
  // Escape once more is no answer by which anything is lost.
  await page.keyboard.press('Escape');
  await question(page).waitFor({ state: 'detached' });
  assert.equal(await field.inputValue(), text);
}

async function isLeft(page) {
  await page.keyboard.press('Escape');
  await question(page).getByRole('button', { name: 'Leave', exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

export async function a_form_in_a_dialog_keeps_what_was_typed(stage) {
  const { page } = stage;
  const portal = await open(stage, HOME);
  await page.getByRole('link', { name: 'Alerts' }).click();
  const add = page.getByRole('button', { name: 'Add alert' });
  await add.click();
  const name = page.getByRole('textbox', { name: 'Name' });
  await name.waitFor();
  // Where nothing was written nothing is asked.
  await page.keyboard.press('Escape');
  await name.waitFor({ state: 'detached' });
  await add.click();
  await name.fill('Night watch');
  await isGuarded(page, name, 'Night watch');
  await page.keyboard.press('Escape');
  await portal.inspect('dialog-unsaved', { isOverlay: true });
  await page.keyboard.press('Escape');
  await isLeft(page);
  assert.ok(
    !portal.mock.requests.some(({ method, path }) => method === 'POST' && /alerts$/.test(path)),
  );
  // The way back is a way out as well.
  await add.click();
  await name.fill('Day watch');
  await page.evaluate(() => history.back());
  await question(page).getByRole('button', { name: 'Stay' }).click();
  assert.equal(await name.inputValue(), 'Day watch');
}

export async function choices_for_calls_are_kept_when_another_profile_is_looked_at(stage) {
  const { page } = stage;
  await open(stage, 'account');
  await page.getByRole('button', { name: 'Customise calls' }).click();
  const rings = page.getByLabel('What rings, one after the other');
  await rings.fill('Desk phone, 20');
  await isGuarded(page, rings, 'Desk phone, 20');
  const profile = page.getByRole('dialog').getByLabel('Profile');
  await profile.selectOption('on_the_road');
  await question(page).getByRole('button', { name: 'Stay' }).click();
  assert.deepEqual(
    [await profile.inputValue(), await rings.inputValue()],
    ['lunch', 'Desk phone, 20'],
  );
  await profile.selectOption('on_the_road');
  await question(page).getByRole('button', { name: 'Leave', exact: true }).click();
  await page.waitForFunction(() => !document.querySelector('[role=alertdialog]'));
  assert.deepEqual([await profile.inputValue(), await rings.inputValue()], ['on_the_road', '']);
}

export async function rules_and_an_address_book_are_not_lost_by_a_key(stage) {
  const { page } = stage;
  await open(stage, `${HOME}/sources`);
  await page.getByRole('link', { name: /^Active Directory/ }).click();
  await page.getByRole('button', { name: 'Fill from an address book…' }).click();
  const book = page.getByLabel('Output of Get-CsAddressBookConfiguration');
  await book.fill('RunTimeOfDay : 02:45');
  await isGuarded(page, book, 'RunTimeOfDay : 02:45');
  await isLeft(page);
  await page.getByRole('switch', { name: 'Own mapping' }).click();
  await page.getByRole('button', { name: 'Edit the rules for Display name' }).click();
  await page.getByRole('button', { name: 'Add rule' }).click();
  const dialog = page.getByRole('dialog', { name: 'Rules for Display name' });
  const attributes = dialog.getByRole('textbox').last();
  await attributes.fill('cn');
  await isGuarded(page, attributes, 'cn');
  await isLeft(page);
}
