/** What visitors left when nobody could be reached, and how a publication takes it. */
import assert from 'node:assert/strict';
import { furnish } from '../mock-admin.mjs';
import { TENANT } from '../mock-company.mjs';
import { enquiryOf } from '../mock-enquiries.mjs';
import { openPortal } from '../portal-stage.mjs';

const AT = `/tenants/${TENANT}/enquiries`;
const ENQUIRIES = `t/${TENANT}/enquiries`;

const LONG = {
  name: 'Maximiliane-Alexandra Freifrau von und zu Hohenstein-Wittelsbach-Donaudampfschifffahrt',
  phone: null,
  mail: 'maximiliane.hohenstein-wittelsbach-donaudampfschifffahrt@brightmoor.example',
  text: 'Where is my parcel?\nIt should have been here\nlast week.',
  wished_at: null,
};

async function open(stage, options = {}, left = 3) {
  const portal = await openPortal(stage, { path: null, ...options });
  portal.mock.company[AT] = [
    enquiryOf(900, { kind: 'message', asker: LONG, about_name: 'Sales' }),
    enquiryOf(901, { done_at: '2026-11-22T09:00:00Z' }),
    ...Array.from({ length: left }, (_none, at) => enquiryOf(at + 1)),
  ];
  await portal.go(ENQUIRIES);
  return portal;
}

export async function enquiries_are_read_done_opened_again_and_deleted(stage) {
  const { page } = stage;
  const portal = await open(stage);
  await page.getByRole('row', { name: /Visitor 1/ }).waitFor();
  await portal.inspect('enquiries');

  await page.getByRole('link', { name: /^Maximiliane/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Where is my parcel?').waitFor();
  await portal.inspect('enquiry', { isOverlay: true });
  await dialog.getByRole('button', { name: 'Mark as done' }).click();
  await page.getByText('name, addresses and message are anonymised for good').waitFor();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Mark as done' }).click();
  await portal.told(/^The enquiry of Maximiliane.* is done\.$/);
  await page.getByRole('row', { name: /^data got anonymized/ }).waitFor();

  await page.getByLabel('Show', { exact: true }).selectOption('done');
  await page.getByRole('row', { name: /Visitor 1\b/ }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Actions for Visitor 901' }).click();
  await page.getByRole('menuitem', { name: 'Open again' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Open again' }).click();
  await portal.told('The enquiry of Visitor 901 is open again.');
  await page.getByLabel('Show', { exact: true }).selectOption('open');
  await page.getByRole('button', { name: 'Actions for Visitor 901' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await portal.told('The enquiry of Visitor 901 was deleted.');
  assert.ok(!portal.mock.company[AT].some(({ asker }) => asker.name === 'Visitor 901'));
}

export async function what_is_left_meanwhile_appears_by_itself(stage) {
  const { page } = stage;
  const portal = await open(stage);
  await page.getByRole('row', { name: /Visitor 1/ }).waitFor();

  portal.mock.company[AT].unshift(enquiryOf(77));

  await page.getByRole('row', { name: /Visitor 77/ }).waitFor();
}

export async function a_mail_leads_to_its_enquiry(stage) {
  const { page } = stage;
  const portal = await open(stage);
  await portal.go(`${ENQUIRIES}?enquiry=${enquiryOf(2).id}`);
  await page.getByRole('dialog').getByText('Visitor 2').waitFor();
  await portal.go(`${ENQUIRIES}?enquiry=01J0000000000000000000GONE`);
  await page.getByRole('dialog').getByText('It does not exist any more').waitFor();
}

export async function ten_thousand_enquiries_are_scrolled_through(stage) {
  const { page } = stage;
  const portal = await open(stage, {}, 10_000);
  await page
    .getByRole('row', { name: /Visitor 1/ })
    .first()
    .waitFor();
  await page
    .getByRole('row', { name: /Visitor 1/ })
    .first()
    .click();
  await page.keyboard.press('Escape');
  await portal.inspect('enquiries-many');
}

export async function enquiries_speak_german_and_say_when_there_are_none(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { path: null, language: 'de' });
  await portal.go(ENQUIRIES);
  await page.getByText('Noch wurde nichts hinterlassen').waitFor();
  await portal.inspect('enquiries-none-de');
}

export async function a_publication_says_what_pages_do_when_nobody_is_there(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { path: null });
  furnish(portal.mock.company, TENANT);
  const [publication] = portal.mock.company[`/tenants/${TENANT}/publications`];
  await portal.go(`t/${TENANT}/publications/${publication.id}`);
  const choice = page.getByLabel('Pages show');
  await choice.waitFor();
  assert.equal(await page.getByText('Who is told').count(), 0);
  await choice.selectOption('form');
  await page.getByLabel('Service desk').check();
  await page.getByLabel('Kept for (days)').fill('7');
  await page.getByLabel('Country').fill('de');
  await page.getByLabel('Consent in German').fill('Ja, gern.');
  await portal.inspect('publication-unreachable');
  await page.getByRole('button', { name: 'Save' }).click();
  await portal.told(/was saved\.$/);
  const { when_unreachable, enquiries, alerts } = publication;
  assert.deepEqual([when_unreachable, enquiries.days, enquiries.country], ['form', 7, 'DE']);
  assert.deepEqual([enquiries.consent_de, alerts.length], ['Ja, gern.', 1]);
}
