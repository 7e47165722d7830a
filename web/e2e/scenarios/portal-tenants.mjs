/** The portal's tenants, their settings, and resellers. */
import assert from 'node:assert/strict';
import { furnish } from '../mock-admin.mjs';
import { TENANT } from '../mock-company.mjs';
import { openPortal } from '../portal-stage.mjs';

const LONG = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';

async function openAs(stage, as, path, options = {}) {
  const portal = await openPortal(stage, { path: null, as, ...options });
  furnish(portal.mock.company, TENANT);
  await portal.go(path);
  return portal;
}

export async function the_platform_lists_switches_and_makes_tenants(stage) {
  const { page } = stage;
  const portal = await openAs(stage, 'root', 'tenants');
  await page.getByRole('grid', { name: 'Tenants' }).waitFor();
  portal.mock.company['/tenants'][1].name = LONG;
  await page.reload();
  await page.getByRole('link', { name: LONG }).waitFor();
  await portal.inspect('tenants');
  await page.getByRole('button', { name: 'Actions for Brightmoor Instruments' }).click();
  await page.getByRole('menuitem', { name: 'Switch off' }).click();
  await page.getByText('its users cannot sign in').waitFor();
  await page.getByRole('button', { name: 'Switch off' }).click();
  await portal.told('Brightmoor Instruments is switched off.');
  await page.getByRole('button', { name: 'Add tenant' }).click();
  await page.getByRole('button', { name: 'Add tenant' }).click();
  await page.locator('[data-field=name]').getByText('Enter a value.').waitFor();
  await page.getByLabel('Header key').fill('x-portal');
  await page.getByLabel('Header value').focus();
  await page.getByLabel('Header key').focus();
  await page.locator('[data-field=header_value]').getByText('Enter a value.').waitFor();
  await portal.inspect('tenant-new-refused');
  await page.getByLabel('Header key').fill('');
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Kestrel Bakery');
  await page.getByLabel('Base API internal URLs').fill('http://one.test\n\nftp://two.test');
  await page.getByRole('button', { name: 'Add tenant' }).click();
  await page.getByText('An http or https address of at most 512 characters.').waitFor();
  await page.getByLabel('Base API internal URLs').fill('http://one.test\n\nhttp://two.test\n');
  await page.getByRole('button', { name: 'Add tenant' }).click();
  await portal.told('Kestrel Bakery was added.');
  await page.getByRole('heading', { name: 'No users yet' }).waitFor();
  const made = portal.mock.company['/tenants'].at(-1);
  assert.deepEqual(made.base_api_internal_urls, ['http://one.test', 'http://two.test']);
  await portal.inspect('users-empty', { isOverlay: true });
}

export async function a_tenant_is_deleted_only_by_its_name(stage) {
  const { page } = stage;
  const portal = await openAs(stage, 'root', 'tenants');
  await page.getByRole('button', { name: 'Actions for Marlow & Finch Travel' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  const verb = page.getByRole('button', { name: 'Delete tenant' });
  assert.equal(await verb.getAttribute('aria-disabled'), 'true');
  await portal.inspect('tenant-remove');
  await page.getByLabel('Type “Marlow & Finch Travel” to confirm').fill('Marlow & Finch Travel');
  await verb.click();
  await portal.told('Marlow & Finch Travel was deleted.');
}

export async function settings_are_saved_and_the_key_is_refreshed(stage) {
  const { page } = stage;
  const portal = await openAs(stage, 'admin', `t/${TENANT}/settings`);
  await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
  assert.equal(await page.getByLabel('Client licences').count(), 0);
  await page.getByText('the directory takes precedence', { exact: false }).waitFor();
  await portal.inspect('settings');
  await page.getByLabel('Company name').fill('Brightmoor Ltd');
  await page.getByRole('button', { name: 'Refresh key' }).click();
  await page.getByText('The key you have now ends at once.').waitFor();
  await page.getByRole('button', { name: 'Refresh key' }).last().click();
  await portal.told('The SDK key was refreshed.');
  await page.getByRole('button', { name: 'Show key' }).click();
  await page.getByText('sdk-key-after').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await portal.told('The settings were saved.');
  const patch = portal.mock.requests.findLast(({ method }) => method === 'PATCH');
  assert.deepEqual(patch.body, { company_name: 'Brightmoor Ltd' });
  portal.mock.change(`/tenants/${TENANT}`, { company_name: 'Somebody else' });
  await page.getByLabel('Company name').fill('Mine');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('before: Brightmoor Ltd, now: Somebody else').waitFor();
  await portal.inspect('settings-conflict');
}

export async function settings_speak_german(stage) {
  const portal = await openAs(stage, 'admin', `t/${TENANT}/settings`, { language: 'de' });
  await stage.page.getByRole('heading', { level: 1, name: 'Einstellungen' }).waitFor();
  await portal.inspect('settings-de');
}

export async function resellers_are_made_changed_and_kept_while_they_have_tenants(stage) {
  const { page } = stage;
  const portal = await openAs(stage, 'root', 'resellers');
  await page.getByRole('grid', { name: 'Resellers' }).waitFor();
  await portal.inspect('resellers');
  await page.getByRole('button', { name: 'Add reseller' }).click();
  await page.getByLabel('Name').fill('Northern Networks');
  await page.getByRole('button', { name: 'Add reseller' }).click();
  await page.getByText('The name `Northern Networks` is already taken.').waitFor();
  await page.getByLabel('Name').fill('Southern Networks');
  await page.getByRole('button', { name: 'Add reseller' }).click();
  await portal.told('Southern Networks was added.');
  await page.getByRole('link', { name: 'Southern Networks' }).click();
  await page.getByLabel('Client licences').fill('12');
  await page.getByRole('button', { name: 'Save' }).click();
  await portal.told('Southern Networks was saved.');
  portal.mock.refuse(/DELETE .*resellers/, 409, 'There are still tenants.');
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Delete reseller' }).click();
  await page.getByText('There are still tenants.').waitFor();
  await page.getByRole('button', { name: 'Delete reseller' }).click();
  await portal.told('Southern Networks was deleted.');
}
