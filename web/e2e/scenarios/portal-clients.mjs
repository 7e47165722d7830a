/** The portal on clients: licences, who may use them, and what there is to take. */
import assert from 'node:assert/strict';
import { furnish } from '../mock-admin.mjs';
import { idOf, TENANT } from '../mock-company.mjs';
import { openPortal } from '../portal-stage.mjs';

const USERS = `/tenants/${TENANT}/users`;

async function openClients(stage, { licences = 10, before, ...options } = {}) {
  const portal = await openPortal(stage, options);
  const { company } = portal.mock;
  furnish(company, TENANT);
  company['/tenants'][0].client_licences = licences;
  before?.(portal.mock);
  await portal.open(`t/${TENANT}/clients`);
  return portal;
}

const rowOf = (page, name) => page.getByRole('row').filter({ hasText: name });

export async function permission_is_given_and_taken_and_licences_are_counted(stage) {
  const { page } = stage;
  const portal = await openClients(stage, {
    before({ company, clients }) {
      company[USERS][0].is_client_allowed = true;
      clients.connected = [{ user: idOf('U', 1), clients: 2 }];
    },
  });
  await page.getByText('1 of 10 licences in use now').waitFor();
  await page.getByText('1 user may use clients').waitFor();
  await rowOf(page, 'admin').getByText('2 signed in').waitFor();
  await portal.inspect('clients');
  const long = 'maximiliane.hohenstein';
  await rowOf(page, long).getByText('Not allowed').waitFor();
  await rowOf(page, long)
    .getByRole('button', { name: /^Actions/ })
    .click();
  await page.getByRole('menuitem', { name: 'Allow clients' }).click();
  await portal.told('may use clients now.');
  await rowOf(page, long).getByText('Allowed', { exact: true }).waitFor();
  await page.getByText('2 users may use clients').waitFor();
  const patch = portal.mock.requests.findLast(({ method }) => method === 'PATCH');
  assert.deepEqual(patch.body, { is_client_allowed: true });

  await rowOf(page, long)
    .getByRole('button', { name: /^Actions/ })
    .click();
  await page.getByRole('menuitem', { name: 'Choose the client profile' }).click();
  await page.getByRole('dialog').getByRole('combobox').waitFor();
  await portal.inspect('clients-profile', { isOverlay: true });
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await portal.told('The client profile of');

  portal.mock.change(`${USERS}/${idOf('U', 3)}`, { first_name: 'Somebody' });
  await rowOf(page, long)
    .getByRole('button', { name: /^Actions/ })
    .click();
  await page.getByRole('menuitem', { name: 'Allow clients no more' }).click();
  await portal.told(/changed/);
  await rowOf(page, long).getByText('Allowed', { exact: true }).waitFor();
  // Of oneself nobody decides that.
  await rowOf(page, 'admin')
    .getByRole('button', { name: /^Actions/ })
    .click();
  const own = page.getByRole('menuitem', { name: 'Allow clients no more' });
  assert.equal(await own.getAttribute('aria-disabled'), 'true');
}

export async function everybody_who_is_signed_in_is_marked_whatever_page_they_are_on(stage) {
  const { page } = stage;
  const portal = await openClients(stage, {
    before({ company, clients }) {
      for (const user of company[USERS]) user.is_client_allowed = true;
      clients.perPage = 1;
      clients.connected = company[USERS].map(({ id }) => ({ user: id, clients: 1 }));
    },
  });
  const { length } = portal.mock.company[USERS];
  await page.getByText(`${length} of 10 licences in use now`).waitFor();
  for (const { name } of portal.mock.company[USERS]) {
    await rowOf(page, name).getByText('1 signed in').waitFor();
  }
}

export async function whoever_looks_from_above_sees_how_many_and_not_who(stage) {
  const { page } = stage;
  const portal = await openClients(stage, {
    as: 'root',
    before({ company, clients }) {
      company[USERS][0].is_client_allowed = true;
      clients.connected = [{ user: idOf('U', 1), clients: 2 }];
    },
  });
  await page.getByText('1 of 10 licences in use now').waitFor();
  await rowOf(page, 'admin').getByText('Allowed', { exact: true }).waitFor();
  assert.equal(await rowOf(page, 'admin').getByText('signed in').count(), 0);
  await portal.inspect('clients-from-above');
}

export async function it_is_said_when_no_licence_is_left(stage) {
  const { page } = stage;
  const portal = await openClients(stage, {
    licences: 1,
    language: 'de',
    before({ company, clients }) {
      for (const user of company[USERS]) user.is_client_allowed = true;
      company[USERS][1].is_disabled = true;
      clients.connected = [{ user: idOf('U', 3), clients: 1 }];
    },
  });
  await page.getByText('Alle Lizenzen sind belegt', { exact: false }).waitFor();
  await page.getByText('Konto gesperrt').waitFor();
  await portal.inspect('clients-full-de');
  await page.getByRole('switch', { name: 'Nur wer Clients benutzen darf' }).check();
  for (const user of portal.mock.company[USERS]) user.is_client_allowed = false;
  await page.reload();
  await page.getByRole('switch', { name: 'Nur wer Clients benutzen darf' }).check();
  await page.getByText('Kein Eintrag passt zu den Filtern.').first().waitFor();
}

export async function what_there_is_to_take_is_copied(stage) {
  const { page } = stage;
  const portal = await openClients(stage, {
    before: ({ company }) => {
      company['/tenants'][0].base_api_external_url = 'https://gateway.example/';
    },
  });
  await page.getByRole('tab', { name: 'What there is' }).click();
  const part = (name) => page.getByRole('region', { name, exact: true });
  await part('Widget').getByText('https://gateway.example/widget/module.js').waitFor();
  await part('Presence interface V2')
    .getByText(`wss://gateway.example/api/v2/tenants/${TENANT}/presence`)
    .waitFor();
  const docs = part('Programs').getByRole('link', { name: 'Documentation of the API' });
  assert.equal(await docs.getAttribute('href'), '/api/docs/');
  await portal.inspect('clients-kinds');
  const { origin } = new URL(page.url());
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
  await page.getByRole('button', { name: 'Copy: Script' }).click();
  await portal.told('Copied.');
  assert.equal(
    await page.evaluate(() => navigator.clipboard.readText()),
    '<script async src="https://gateway.example/widget/v1.js"></script>',
  );
}

export async function without_licences_there_is_nothing_of_it(stage) {
  const { page } = stage;
  const portal = await openClients(stage, { licences: 0 });
  await page.getByRole('heading', { name: 'There are no client licences' }).waitFor();
  assert.equal(await page.getByRole('link', { name: 'Clients', exact: true }).count(), 0);
  await portal.inspect('clients-unlicensed');
}

export async function what_cannot_be_read_is_said(stage) {
  const { page } = stage;
  const portal = await openPortal(stage);
  portal.mock.company['/tenants'][0].client_licences = 3;
  portal.mock.refuse(/GET .*\/clients$/, 422, 'No.');
  await portal.go(`t/${TENANT}/clients`);
  await page.getByRole('alert').waitFor();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('0 of 3 licences in use now').waitFor();
}
