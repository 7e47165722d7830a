/** What is done with the portal of a running gateway. */
import assert from 'node:assert/strict';
import { PNG } from './pictures.mjs';
import { idsOf, read, walk } from './portal-pages.mjs';

/** Asking who is signed in when nobody is, a wrong password, and an address that is taken. */
export const EXPECTED_REFUSALS = /Failed to load resource: .* status of (401|409)/;

async function signOut({ page, go }) {
  await go('');
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
}

async function a_link_signs_in_and_leaves_the_address({ page, arrived }, { tenant }) {
  await arrived();
  await page.getByRole('heading', { level: 1, name: tenant }).waitFor();
  assert.ok(!page.url().includes('link'), page.url());
}

async function a_run_is_started_and_seen_to_its_end({ page, open }, { newcomer }) {
  await open('');
  await page.getByRole('link', { name: 'Contacts' }).first().click();
  await page.getByRole('button', { name: 'Synchronize' }).click();
  await page.getByRole('button', { name: 'Start' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Everything was applied.').waitFor();
  assert.match(await dialog.textContent(), /Created1(?!\d)/);
  await dialog.getByRole('button', { name: 'Show the run' }).click();
  await page.getByRole('heading', { level: 1, name: 'Run of Directory' }).waitFor();
  await page.getByRole('row', { name: new RegExp(`${newcomer}.*Create`) }).waitFor();
}

async function every_page_of_a_tenant_is_sound(portal, { isThorough }) {
  await walk(portal, await idsOf(portal.page), { isThorough });
}

async function a_link_works_once_and_a_password_again(portal, { tenant, password, link }) {
  const { page } = portal;
  await signOut(portal);
  await page.goto('about:blank');
  await portal.go(link.slice(link.indexOf('#')));
  await page.getByText('This link was used or has expired.').waitFor();
  await portal.signIn(tenant, 'admin', 'a wrong password');
  await page.getByRole('alert').getByText('Tenant, name or password is wrong.').waitFor();
  await portal.signIn(tenant, 'admin', password);
  await portal.arrived();
}

async function an_address_that_is_taken_names_its_holder({ page, open }, { newcomer }) {
  const { tenant } = await read(page, '/session');
  const { items } = await read(
    page,
    `/tenants/${tenant}/contacts?q=${encodeURIComponent(newcomer)}`,
  );
  await open(`t/${tenant}/contacts/new`);
  await page.getByLabel('Display name', { exact: true }).fill('Zoë Test');
  await page.getByLabel('SIP/Skype').fill(items[0].sip);
  await page.getByRole('button', { name: 'Next' }).click();
  const sentence = `Contact with the same SIP: ${newcomer} already exists.`;
  await page.locator('[data-field=sip]').getByText(sentence).waitFor();
}

async function the_wizard_makes_a_contact_with_a_picture({ page, told }) {
  await page.getByLabel('SIP/Skype').fill('sip:zoe.test@portal.example');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('There is no picture yet.').waitFor();
  const file = { name: 'zoe.png', mimeType: 'image/png', buffer: PNG };
  await page.locator('input[type=file]').setInputFiles(file);
  const picture = page.getByRole('img', { name: 'Avatar' });
  await picture.waitFor();
  await page.waitForFunction((image) => image.naturalWidth === 160, await picture.elementHandle());
  await page.getByRole('checkbox', { name: 'Busy' }).check();
  await page.getByRole('checkbox', { name: 'Busy', checked: true }).waitFor();
  await page.getByRole('button', { name: 'Finish' }).click();
  await told('Zoë Test was added.');
}

async function the_contact_is_changed({ page, told }) {
  await page.getByRole('searchbox').fill('zoe test');
  await page.getByRole('link', { name: 'Zoë Test' }).click();
  await page.getByLabel('Job title').fill('Head of tests');
  await page.getByRole('button', { name: 'Save' }).click();
  await told('Zoë Test was saved.');
}

async function the_contact_comes_into_a_group_and_a_publication({ page, open, told }) {
  const { tenant, group, publication } = await idsOf(page);
  await open(`t/${tenant}/groups/${group}`);
  const pick = async (label) => {
    await page.getByRole('combobox', { name: label }).fill('zoe test');
    await page.getByRole('option', { name: /^Zoë Test/ }).click();
  };
  await pick('Add a contact');
  await told('is a member now.');
  await open(`t/${tenant}/publications/${publication}?tab=cards`);
  await pick('Add a contact or a group');
  await page.getByRole('button', { name: 'Save cards' }).click();
  await told('The cards were saved.');
}

async function the_contact_is_deleted_with_its_consequences({ page, open, told }) {
  const { tenant, group, publication } = await idsOf(page);
  const { name } = await read(page, `/tenants/${tenant}/groups/${group}`);
  const { title } = await read(page, `/tenants/${tenant}/publications/${publication}`);
  await open(`t/${tenant}/contacts?q=zoe test`);
  await page.getByRole('button', { name: 'Actions for Zoë Test' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByText(`It leaves the group “${name}”.`).waitFor();
  await page.getByText(`It disappears from the publication “${title}”.`).waitFor();
  await page.getByRole('button', { name: 'Delete contact' }).click();
  await told('Zoë Test was deleted.');
  await page.getByRole('heading', { name: 'Nothing found' }).waitFor();
}

async function every_page_of_the_platform_is_sound(portal, { password, isThorough }) {
  const { page } = portal;
  await signOut(portal);
  await portal.signIn('', 'admin', password);
  await portal.arrived();
  await portal.open('resellers/new');
  await page.getByLabel('Name').fill('Northern Networks');
  await page.getByRole('button', { name: 'Add reseller' }).click();
  await portal.told('Northern Networks was added.');
  const { user } = await read(page, '/session');
  const reseller = (await read(page, '/resellers')).items[0].id;
  await walk(portal, { user, reseller }, { isPlatform: true, isThorough });
}

/** In this order; the names say what each shows. */
export const ACTS = [
  a_link_signs_in_and_leaves_the_address,
  a_run_is_started_and_seen_to_its_end,
  every_page_of_a_tenant_is_sound,
  a_link_works_once_and_a_password_again,
  an_address_that_is_taken_names_its_holder,
  the_wizard_makes_a_contact_with_a_picture,
  the_contact_is_changed,
  the_contact_comes_into_a_group_and_a_publication,
  the_contact_is_deleted_with_its_consequences,
  every_page_of_the_platform_is_sound,
];
