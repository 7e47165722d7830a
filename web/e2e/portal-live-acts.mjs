/** What is done with the portal of a running gateway. */
import assert from 'node:assert/strict';
import { workByKeyboard } from './keyboard.mjs';
import { PNG } from './pictures.mjs';
import {
  a_tenant_is_made_and_handed_over,
  its_administrator_gets_from_nothing_to_cards,
  the_system_page_tells_of_this_gateway,
} from './portal-live-setup.mjs';
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
  await walk(portal, await idsOf(portal.page), { isThorough, isQuick: !isThorough });
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

async function the_list_is_narrowed_by_site_and_source({ page, open }) {
  const { tenant, site } = await idsOf(page);
  const { name } = await read(page, `/tenants/${tenant}/sites/${site}`);
  const wanted = async (query) =>
    (await read(page, `/tenants/${tenant}/contacts/count?${query}`)).count;
  const source = (await read(page, `/tenants/${tenant}/sources?limit=1`)).items[0];
  await open(`t/${tenant}/contacts`);
  await page.getByRole('button', { name: 'Site', exact: true }).click();
  await page.getByRole('combobox', { name: 'Site' }).fill(name);
  await page.getByRole('option', { name }).first().click();
  await page.getByRole('button', { name: `Site: ${name}` }).waitFor();
  await page.getByText(entries(await wanted(`site=${site}`)), { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Source', exact: true }).click();
  await page.getByRole('menuitemradio', { name: source.name }).click();
  const both = await wanted(`site=${site}&source=${source.id}`);
  await page.getByText(entries(both), { exact: true }).waitFor();

  const shared = await page.context().newPage();
  await shared.goto(page.url());
  await shared.getByRole('button', { name: `Source: ${source.name}` }).waitFor();
  await shared.getByRole('button', { name: `Site: ${name}` }).waitFor();
  await shared.getByText(entries(both), { exact: true }).waitFor();
  await shared.close();
}

/** How a list says how many it holds. */
const entries = (count) => (count === 1 ? '1 entry' : `${count || 'No'} entries`);

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
  const field = page.locator('[data-field=sip]');
  await field.getByText(sentence).waitFor();
  const [holder] = await Promise.all([
    page.context().waitForEvent('page'),
    field.getByRole('link', { name: `Open ${newcomer}` }).click(),
  ]);
  await holder.getByRole('heading', { level: 1, name: newcomer }).waitFor();
  await holder.close();
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

async function the_contact_is_changed({ page, search, told }) {
  await search('zoe test');
  await page.getByRole('link', { name: 'Zoë Test' }).click();
  await page.getByLabel('Job title').fill('Head of tests');
  await page.getByRole('combobox', { name: 'Home site' }).selectOption({ index: 1 });
  await page.getByRole('button', { name: 'Save' }).click();
  await told('Zoë Test was saved.');
}

async function the_trail_puts_back_what_was_there_before({ page, open, told }) {
  const { tenant } = await read(page, '/session');
  await page.getByLabel('Job title').fill('Head of nothing');
  await page.getByRole('button', { name: 'Save' }).click();
  await told('Zoë Test was saved.');
  await open(`t/${tenant}/audit`);
  await page
    .getByRole('button', { name: /^Actions for Changed: Contact/ })
    .first()
    .click();
  await page.getByRole('menuitem', { name: 'Undo' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('row', { name: 'Job title Head of nothing Head of tests' }).waitFor();
  await dialog.getByRole('button', { name: 'Undo' }).click();
  await told('Undone: Changed: Contact.');
  const [zoe] = (await read(page, `/tenants/${tenant}/contacts?q=zoe%20test`)).items;
  assert.equal(zoe.job_title, 'Head of tests');
  await open(`t/${tenant}/contacts/${zoe.id}`);
}

/** Says something about the contact as a program does, past the page. */
async function publish(page, contact, kind, version, state) {
  const { csrf_token, tenant } = await read(page, '/session');
  const status = await page.evaluate(
    async ([address, token, body]) => {
      const headers = { 'content-type': 'application/json', 'x-csrf-token': token };
      const { status } = await fetch(address, { method: 'PUT', headers, body });
      return status;
    },
    [
      `/api/v1/tenants/${tenant}/contacts/${contact}/claims/${kind}`,
      csrf_token,
      JSON.stringify({ origin: { source: 'program', version }, state, ttl_seconds: 600 }),
    ],
  );
  assert.equal(status, 204);
}

/** Without being told, the list would ask after twenty seconds. */
const SOON = { timeout: 10_000 };

async function what_a_program_publishes_is_seen_in_list_and_page_as_it_comes({ page, open }) {
  const { tenant } = await read(page, '/session');
  const path = `/tenants/${tenant}/contacts`;
  const [{ id }] = (await read(page, `${path}?q=${encodeURIComponent('zoe test')}`)).items;
  // Goes with the document: who finds it again has loaded nothing since.
  const mark = () => page.evaluate(() => Object.assign(window, { isSame: true }));
  const requireSame = async () => assert.ok(await page.evaluate(() => window.isSame));

  await open(`t/${tenant}/contacts?q=zoe test`);
  const row = page.getByRole('row').filter({ hasText: 'Zoë Test' });
  await row.getByText('Unknown', { exact: true }).waitFor();
  await mark();
  await publish(page, id, 'computer', 1, 'active');
  await row.getByText('Available', { exact: true }).waitFor(SOON);
  await publish(page, id, 'telephone', 1, 'in_call');
  await row.getByText('On the phone', { exact: true }).waitFor(SOON);
  await requireSame();

  await row.getByRole('link', { name: 'Zoë Test' }).click();
  await page.getByRole('tab', { name: 'Presence', exact: true }).click();
  const part = (name) => page.getByRole('region', { name, exact: true });
  const now = part('Now').getByRole('status');
  await now.getByText('On the phone').waitFor();
  await publish(page, id, 'telephone', 2, 'idle');
  await now.getByText('Available').waitFor(SOON);
  await publish(page, id, 'computer', 2, 'locked');
  await now.getByText('Away').waitFor(SOON);
  await part('Why').getByText('Computer (program)', { exact: true }).waitFor();
  await requireSame();
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

async function a_publication_is_seen_live_and_its_snippet_copied({ page, open, settle }) {
  const { tenant, publication } = await idsOf(page);
  await open(`t/${tenant}/publications/${publication}?tab=preview`);
  const card = page.locator('switchboard-contacts .card', { hasText: 'Zoë Test' });
  await card.waitFor();
  const before = await card.getAttribute('data-state');
  assert.notEqual(before, 'busy');
  // Somebody says at another desk that she is busy: the preview is told, and asks for nothing.
  const [zoe] = (await read(page, `/tenants/${tenant}/contacts?q=zoe%20test`)).items;
  const desk = await page.context().newPage();
  await desk.goto(page.url().replace(/publications.*/, `contacts/${zoe.id}`));
  await desk.getByRole('tab', { name: 'Presence', exact: true }).click();
  await desk.getByRole('button', { name: 'Set own word' }).click();
  await desk.getByRole('combobox', { name: 'State' }).selectOption('busy');
  await settle();
  const asked = [];
  const note = (request) => asked.push(request.url());
  page.on('request', note);
  await desk.getByRole('button', { name: 'Save' }).click();
  const busy = page.locator('switchboard-contacts .card[data-state=busy]', { hasText: 'Zoë Test' });
  await busy.waitFor();
  page.off('request', note);
  assert.deepEqual(
    asked.filter((url) => /\/(snapshot|stream)$/.test(new URL(url).pathname)),
    [],
  );
  await desk.close();

  const { origin } = new URL(page.url());
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
  await page.getByRole('tab', { name: 'Embedding' }).click();
  await page.getByRole('button', { name: 'Copy' }).click();
  await page.getByText('Copied.').first().waitFor();
  const snippet = await page.evaluate(() => navigator.clipboard.readText());
  const { key } = await read(page, `/tenants/${tenant}/publications/${publication}`);
  assert.equal(
    snippet.replaceAll('\r', ''),
    `<script async src="${origin}/widget/v1.js"></script>\n` +
      `<switchboard-contacts publication="${key}"></switchboard-contacts>`,
  );
  // What was copied shows the cards on a page that has nothing else.
  const site = await page.context().newPage();
  await site.route(`${origin}/a-page-with-the-snippet`, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><title>Page</title>${snippet}`,
    }),
  );
  await site.goto(`${origin}/a-page-with-the-snippet`);
  await site.locator('switchboard-contacts .card[data-state=busy]').first().waitFor();
  await site.close();
}

async function the_contact_is_deleted_with_its_consequences({ page, open, told }) {
  const { tenant, group, publication } = await idsOf(page);
  const [zoe] = (await read(page, `/tenants/${tenant}/contacts?q=zoe%20test`)).items;
  const site = await read(page, `/tenants/${tenant}/sites/${zoe.home_site}`);
  const { name } = await read(page, `/tenants/${tenant}/groups/${group}`);
  const { title } = await read(page, `/tenants/${tenant}/publications/${publication}`);
  await open(`t/${tenant}/contacts?q=zoe test`);
  await page.getByRole('button', { name: 'Actions for Zoë Test' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByText(`It leaves its home site “${site.name}”.`).waitFor();
  await page.getByText(`It leaves the group “${name}”.`).waitFor();
  await page.getByText(`It disappears from the publication “${title}”.`).waitFor();
  await page.getByRole('button', { name: 'Delete contact' }).click();
  await told('Zoë Test was deleted.');
  await page.getByRole('heading', { name: 'Nothing found' }).waitFor();
}

async function a_contact_comes_goes_and_comes_back_without_a_mouse(portal, given) {
  await signOut(portal);
  await workByKeyboard(portal, { ...given, user: 'admin' });
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
  const how = { isPlatform: true, isThorough, isQuick: !isThorough };
  await walk(portal, { user, reseller }, how);
}

/** In this order; the names say what each shows. */
export const ACTS = [
  a_link_signs_in_and_leaves_the_address,
  a_run_is_started_and_seen_to_its_end,
  every_page_of_a_tenant_is_sound,
  a_link_works_once_and_a_password_again,
  the_list_is_narrowed_by_site_and_source,
  an_address_that_is_taken_names_its_holder,
  the_wizard_makes_a_contact_with_a_picture,
  the_contact_is_changed,
  the_trail_puts_back_what_was_there_before,
  what_a_program_publishes_is_seen_in_list_and_page_as_it_comes,
  the_contact_comes_into_a_group_and_a_publication,
  a_publication_is_seen_live_and_its_snippet_copied,
  the_contact_is_deleted_with_its_consequences,
  a_contact_comes_goes_and_comes_back_without_a_mouse,
  every_page_of_the_platform_is_sound,
  the_system_page_tells_of_this_gateway,
  a_tenant_is_made_and_handed_over,
  its_administrator_gets_from_nothing_to_cards,
];
