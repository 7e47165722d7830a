/** The portal's button that synchronizes one contact. */
import assert from 'node:assert/strict';
import { idOf, TENANT } from '../mock-company.mjs';
import { runOf } from '../mock-synchronize.mjs';
import { openPortal } from '../portal-stage.mjs';

const CONTACTS = `t/${TENANT}/contacts`;
const ANNA = idOf('C', 0);
const SOURCE = idOf('D', 1);

async function openAnna(stage, options = {}) {
  const portal = await openPortal(stage, { path: null, ...options });
  await portal.go(`${CONTACTS}/${ANNA}`);
  await stage.page.getByLabel('SIP/Skype').waitFor();
  return portal;
}

const popup = (page) => page.getByRole('dialog', { name: 'Contacts Synchronization' });

export async function the_button_brings_a_contact_in_step_and_says_what_changed(stage) {
  const { page } = stage;
  const portal = await openAnna(stage);
  portal.mock.synchronization.knows(ANNA, { company: 'Brightmoor', job_title: 'Head of support' });
  const button = page.getByRole('button', { name: 'Synchronize', exact: true });
  await button.focus();
  await page.keyboard.press('Enter');
  await popup(page).getByRole('progressbar').waitFor();
  await popup(page).getByText('Changed by the directory: Company, Job title.').waitFor();
  await portal.inspect('contact-synchronized');
  await page.keyboard.press('Escape');
  await popup(page).waitFor({ state: 'detached' });
  assert.ok(await button.evaluate((element) => element === document.activeElement));
  await page.waitForFunction(
    () => document.querySelector('[data-field=company] input')?.value === 'Brightmoor',
  );

  await page.keyboard.press('Enter');
  await popup(page).getByText('Nothing has changed.').waitFor();
  assert.deepEqual(portal.mock.faults, []);
}

export async function what_is_being_written_is_not_lost_to_the_directory(stage) {
  const { page } = stage;
  const portal = await openAnna(stage);
  portal.mock.synchronization.knows(ANNA, { company: 'Brightmoor' });
  await page.getByLabel('Office').fill('B 204');
  await page.getByRole('button', { name: 'Synchronize', exact: true }).click();
  await popup(page).getByText('Changed by the directory: Company.').waitFor();
  await popup(page).getByRole('button', { name: 'Close' }).click();
  assert.equal(await page.getByLabel('Office').inputValue(), 'B 204');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('before: –, now: Brightmoor').waitFor();
}

export async function who_is_not_found_stays_and_a_missing_photo_is_said(stage) {
  const { page } = stage;
  const portal = await openAnna(stage);
  const [source] = portal.mock.company[`/tenants/${TENANT}/sources`];
  source.connection = { kind: 'file', format: 'csv', path: 'people.csv' };
  await page.getByRole('button', { name: 'Synchronize', exact: true }).click();
  await popup(page).getByText('Could not load photo: Not found', { exact: true }).waitFor();
  await popup(page).getByText('Not found in the directory. The contact stays as it is.').waitFor();
  await portal.inspect('contact-not-found');

  source.is_disabled = true;
  await popup(page).getByRole('button', { name: 'Close' }).click();
  await page.getByRole('button', { name: 'Synchronize', exact: true }).click();
  await popup(page).getByText('No source in service can know this contact.').waitFor();
}

export async function a_contact_waits_for_a_run_that_goes_on(stage) {
  const { page } = stage;
  const portal = await openAnna(stage);
  const whole = runOf(idOf('W', 1), {
    source: SOURCE,
    state: 'running',
    started_at: '2026-11-22T08:00:00Z',
  });
  portal.mock.company[`/tenants/${TENANT}/runs`].unshift(whole);
  portal.mock.synchronization.knows(ANNA, { company: 'Brightmoor' });
  await page.getByRole('button', { name: 'Synchronize', exact: true }).click();
  await popup(page).getByText('The contact follows right after it.').waitFor();
  await portal.inspect('contact-waits');
  portal.mock.synchronization.end(whole);
  await popup(page).getByText('Changed by the directory: Company.').waitFor();
  assert.deepEqual(portal.mock.faults, []);
}

export async function a_row_is_synchronized_with_the_keyboard_and_in_german(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { path: CONTACTS, language: 'de' });
  await page.getByRole('grid', { name: 'Kontakte' }).waitFor();
  await page.getByRole('checkbox', { name: 'Alle geladenen auswählen' }).focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Synchronisieren' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const popup = page.getByRole('dialog', { name: 'Kontaktsynchronisierung' });
  await popup.getByText('Im Verzeichnis nicht gefunden. Der Kontakt bleibt, wie er ist.').waitFor();
  await portal.inspect('contact-synchronized-de');
  await page.keyboard.press('Escape');
  await popup.waitFor({ state: 'detached' });
  const isBack = () => document.activeElement?.getAttribute('aria-haspopup') === 'menu';
  assert.ok(await page.evaluate(isBack), 'the keyboard goes on in the row');
  const asked = portal.mock.requests.filter(({ path }) => path.endsWith('/synchronize'));
  assert.equal(asked.length, 1);
}

export async function a_tenant_without_synchronization_says_so(stage) {
  const { page } = stage;
  const portal = await openAnna(stage);
  portal.mock.company['/tenants'][0].is_directory_sync_enabled = false;
  await page.getByRole('button', { name: 'Synchronize', exact: true }).click();
  await popup(page).getByText('Synchronization is switched off').waitFor();
  await portal.inspect('contact-sync-off');
}

export async function a_run_for_one_contact_is_told_from_one_over_all(stage) {
  const { page } = stage;
  const portal = await openAnna(stage);
  await page.getByRole('button', { name: 'Synchronize', exact: true }).click();
  await popup(page).getByText('Not found in the directory.').waitFor();
  await portal.go(`t/${TENANT}/runs`);
  await page.getByRole('row', { name: /1 contact was not found/ }).waitFor();
  await page
    .getByRole('row', { name: /1 contact was not found/ })
    .getByRole('link')
    .click();
  await page.getByText('About 1 contact only.').waitFor();
  await page.getByText('Not found in the directory. The contact stays as it is.').waitFor();
  await portal.inspect('run-of-one-contact');
  await portal.go(`t/${TENANT}`);
  // The plan that waits is still what somebody should know about the source.
  await page
    .getByText(/Directory.*waits for/)
    .first()
    .waitFor();
}
