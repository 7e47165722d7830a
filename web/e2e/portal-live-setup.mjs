/** What whoever runs the platform does with a running gateway, and the administrator of a tenant that they make. */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { read } from './portal-pages.mjs';
import { makeAdministrator } from './user-wizard.mjs';

const TENANT = 'Harbour Lights';
const PASSWORD = 'nine quiet lanterns drifting';
const PEOPLE = `employeeNumber,displayName,mail
1,Ada Harbour,ada@harbour.example
2,Ben Lights,ben@harbour.example
`;

const button = (page, name) => page.getByRole('button', { name, exact: true });

/** Somebody who runs the platform is signed in. */
export async function the_system_page_tells_of_this_gateway({ page, open }) {
  await open('system');
  const system = await read(page, '/system');
  const part = (name) => page.getByRole('region', { name, exact: true });
  await part('Gateway').getByText(system.lease.holder, { exact: false }).waitFor();
  await part('Database').getByText(`SQLite ${system.database.version}`).waitFor();
  await part('Database').getByText(system.database.schema_version, { exact: true }).waitFor();
  const checks = await part('Checks').getByRole('listitem').allInnerTexts();
  assert.equal(checks.length, system.checks.length);
  for (const name of ['schema', 'lease', 'jobs', 'secrets', 'connections', 'copies']) {
    assert.equal(system.checks.find((check) => check.name === name).state, 'fine', name);
  }
  const jobs = part('Jobs').getByRole('listitem');
  await jobs.filter({ hasText: 'Send alerts' }).getByText('Done', { exact: true }).waitFor();
  assert.ok(system.tenants.total >= 2 && system.sources.length > 0, JSON.stringify(system));
  const http = system.connections.find(({ line }) => line === 'http');
  assert.ok(http.open > 0 && http.open < http.most, JSON.stringify(http));
  const holder = system.lease.holder;
  assert.match(holder, /^process \d+$/);
}

export async function a_tenant_is_made_and_handed_over(portal) {
  const { page, open, told } = portal;
  await open('tenants/new?next=setup');
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(TENANT);
  await button(page, 'Add tenant').click();
  await page.getByRole('heading', { level: 1, name: 'Set-up' }).waitFor();
  const at = new URL(page.url()).pathname.replace('/portal/', '');
  await page.getByText('Nobody runs this tenant yet.').waitFor();
  await button(page, 'Add a user').click();
  await makeAdministrator(portal, 'ada', PASSWORD);
  await told('ada was added.');
  await open(at);
  await page.getByText('1 tenant administrator', { exact: true }).waitFor();
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await button(page, 'Sign in').waitFor();
}

export async function its_administrator_gets_from_nothing_to_cards(portal, { folder }) {
  const { page, told, signIn, arrived } = portal;
  await signIn(TENANT, 'ada', PASSWORD);
  await arrived();
  const { tenant } = await read(page, '/session');
  const files = join(folder, tenant);
  await mkdir(files, { recursive: true });
  await writeFile(join(files, 'people.csv'), PEOPLE);

  await page.getByRole('heading', { name: 'Set this tenant up' }).waitFor();
  await button(page, 'Go on').click();
  await page.getByLabel('Title').fill('Here');
  await page.getByRole('textbox', { name: /Hosts/ }).fill('www.harbour.example');
  await button(page, 'Add domain').click();
  await told('Here was added.');

  await page.getByLabel('Kind').selectOption('file');
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Staff');
  await page.getByLabel('Path').fill('people.csv');
  await page.getByLabel('Format').selectOption('csv');
  await button(page, 'Next').click();
  await button(page, 'Next').click();
  await button(page, 'Add source').click();
  await told('Staff was added.');

  await button(page, 'Read and show the plan').click();
  await page.getByText('2 changes wait for approval', { exact: false }).waitFor();
  assert.deepEqual((await read(page, `/tenants/${tenant}/contacts`)).items, []);
  await button(page, 'Approve').click();
  await button(page, 'Apply the plan').click();
  await page.getByText('Everything was applied.').waitFor();
  const { items } = await read(page, `/tenants/${tenant}/contacts`);
  assert.deepEqual(
    items.map(({ shown_name }) => shown_name),
    ['Ada Harbour', 'Ben Lights'],
  );
  await button(page, 'Next').click();

  await page.getByLabel('Title').fill('Harbour desk');
  await button(page, 'Add publication').click();
  await told('Harbour desk was added.');
  await page.getByRole('combobox', { name: 'Add a contact or a group' }).fill('ada');
  await page.getByRole('option', { name: /^Ada Harbour/ }).click();
  await button(page, 'Save cards').click();
  await told('The cards were saved.');
  await button(page, 'Next').click();
  await page.locator('switchboard-contacts .card', { hasText: 'Ada Harbour' }).waitFor();
  await page.getByRole('heading', { name: 'Everything is set up' }).waitFor();
}
