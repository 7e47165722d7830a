/** Where the values of a contact come from, and pins that keep them. */
import assert from 'node:assert/strict';
import { furnish } from '../mock-admin.mjs';
import { idOf, TENANT } from '../mock-company.mjs';
import { openPortal } from '../portal-stage.mjs';

const CONTACT = idOf('C', 0);
const DIRECTORY = idOf('D', 2);

async function openSynced(stage, options = {}) {
  const portal = await openPortal(stage, { path: null, ...options });
  furnish(portal.mock.company, TENANT);
  const from = {
    source: DIRECTORY,
    run: idOf('R', 4),
    at: '2026-11-20T00:30:00Z',
    is_pinned: false,
  };
  const contact = portal.mock.company[`/tenants/${TENANT}/contacts`].find(
    ({ id }) => id === CONTACT,
  );
  Object.assign(contact, {
    job_title: 'Support engineer',
    company: 'Brightmoor',
    said: { job_title: 'Head of support' },
    provenance: { job_title: from, mail: from, display_name: from },
  });
  await portal.go(`t/${TENANT}/contacts/${CONTACT}`);
  return portal;
}

export async function a_field_is_pinned_and_let_go_again(stage) {
  const { page } = stage;
  const portal = await openSynced(stage);
  await page
    .getByText(/^From Active Directory.*: overwritten at the next run \(.*1:30.*\)\.$/)
    .first()
    .waitFor();
  await page
    .getByText(/^Entered by hand: overwritten at the next run/)
    .first()
    .waitFor();
  await portal.inspect('contact-synced');
  const pin = page.getByRole('button', { name: 'Pin Job title' });
  await pin.focus();
  await page.keyboard.press('Enter');
  await portal.told('Job title is pinned.');
  const unpin = page.getByRole('button', { name: 'Unpin Job title' });
  await unpin.waitFor();
  assert.ok(await unpin.evaluate((button) => button === document.activeElement));
  await page.getByText(/^Pinned: Active Directory.* does not overwrite it\.$/).waitFor();
  await portal.inspect('contact-pinned', { isOverlay: true });
  assert.equal(
    await page.getByLabel('Job title', { exact: true }).inputValue(),
    'Support engineer',
  );
  await unpin.click();
  await portal.told('Job title follows its source again.');
  await page.waitForFunction(
    () => document.querySelector('[data-field=job_title] input').value === 'Head of support',
  );
  assert.deepEqual(portal.mock.faults, []);
}

export async function a_pin_loses_nothing_that_somebody_is_writing(stage) {
  const { page } = stage;
  const portal = await openSynced(stage);
  await page.getByLabel('Office', { exact: true }).fill('B 204');
  await page.getByRole('button', { name: 'Pin Job title' }).click();
  await page.getByRole('button', { name: 'Unpin Job title' }).waitFor();
  assert.equal(await page.getByLabel('Office', { exact: true }).inputValue(), 'B 204');
  await page.getByRole('button', { name: 'Save' }).click();
  await portal.told(/was saved\.$/);
  const patch = portal.mock.requests.findLast(({ method }) => method === 'PATCH');
  assert.deepEqual(patch.body, { office: 'B 204' });
}

export async function what_becomes_of_fields_is_said_in_german(stage) {
  const { page } = stage;
  const portal = await openSynced(stage, { language: 'de' });
  await page.getByRole('button', { name: 'Position anheften' }).waitFor();
  await portal.inspect('contact-synced-de');
}
