/** Who is told what happens to runs, and which entries are set aside. */
import assert from 'node:assert/strict';
import { furnish } from '../mock-admin.mjs';
import { TENANT } from '../mock-company.mjs';
import { openPortal } from '../portal-stage.mjs';

const ALERTS = `t/${TENANT}/alerts`;

async function open(stage, path, options = {}) {
  const portal = await openPortal(stage, { path: null, ...options });
  furnish(portal.mock.company, TENANT);
  await portal.go(path);
  return portal;
}

export async function alerts_are_listed_added_tested_and_deleted(stage) {
  const { page } = stage;
  const portal = await open(stage, ALERTS);
  await page.getByText('the server answered 500').waitFor();
  await portal.inspect('alerts');
  await page.getByRole('button', { name: 'Add alert' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Night watch');
  await page.getByRole('dialog').getByRole('button', { name: 'Add alert' }).click();
  await page.locator('[data-field=addresses]').getByText('Enter a value.').waitFor();
  await page.getByLabel('How').selectOption('webhook');
  await page.getByRole('textbox', { name: 'Address' }).fill('https://hooks.example.com/x');
  await page.getByLabel('Secret').fill('a secret of a certain length');
  await page.getByLabel('No success for (hours)').fill('1000');
  await page.getByRole('dialog').getByRole('button', { name: 'Add alert' }).click();
  await page.locator('[data-field=silent_hours]').getByText(/720/).last().waitFor();
  await portal.inspect('alert-new', { isOverlay: true });
  await page.getByLabel('No success for (hours)').fill('24');
  await page.getByRole('dialog').getByRole('button', { name: 'Add alert' }).click();
  await portal.told('Night watch was saved.');
  const made = portal.mock.company[`/tenants/${TENANT}/alerts`].at(-1);
  assert.deepEqual(made.channel, { kind: 'webhook', url: 'https://hooks.example.com/x' });
  assert.deepEqual([made.silent_hours, made.secret], [24, 'present']);
  await page.getByRole('button', { name: 'Actions for Night watch' }).click();
  await page.getByRole('menuitem', { name: 'Send a test' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Send a test' }).click();
  await portal.told('A test is on its way.');
  await page.getByRole('button', { name: 'Actions for Service desk' }).click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  await page.getByRole('textbox', { name: 'Mail addresses' }).fill('ben@brightmoor.example');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await portal.told('Service desk was saved.');
  await page.getByRole('button', { name: 'Actions for Old hook' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await portal.told('Old hook was deleted.');
}

export async function alerts_speak_german(stage) {
  const { page } = stage;
  const portal = await open(stage, ALERTS, { language: 'de' });
  await page.getByText('Nicht angekommen').waitFor();
  await portal.inspect('alerts-de');
  await page.getByRole('button', { name: 'Meldung hinzufügen' }).click();
  await page.getByRole('heading', { name: 'Eine Meldung hinzufügen' }).waitFor();
  await portal.inspect('alert-new-de', { isOverlay: true });
}

export async function entries_that_are_set_aside_are_listed_and_found(stage) {
  const { page } = stage;
  const portal = await open(stage, `t/${TENANT}/sources`);
  await page.getByRole('link', { name: /^Active Directory/ }).click();
  await page.getByRole('tab', { name: 'Set aside' }).click();
  await page.getByRole('row', { name: /Person 5,/ }).waitFor();
  await page.getByText('anna.mller0@brightmoor.example').first().waitFor();
  await portal.inspect('source-aside');
  await portal.search('Person 11,');
  await page.getByRole('row', { name: /Person 5,/ }).waitFor({ state: 'detached' });
  await page.getByRole('row', { name: /Person 11,/ }).waitFor();
}
