/** Looking into a source: its connection, one entry, and the rules that map it. */
import assert from 'node:assert/strict';
import { furnish } from '../mock-admin.mjs';
import { TENANT } from '../mock-company.mjs';
import { openPortal } from '../portal-stage.mjs';

const SOURCES = `t/${TENANT}/sources`;

async function open(stage, path, options = {}) {
  const portal = await openPortal(stage, { path: null, ...options });
  furnish(portal.mock.company, TENANT);
  await portal.go(path);
  return portal;
}

async function openDirectory(stage, options) {
  const { page } = stage;
  const portal = await open(stage, SOURCES, options);
  await page.getByRole('link', { name: /^Active Directory/ }).click();
  await page.getByRole('tab').first().waitFor();
  return portal;
}

export async function a_connection_is_tested_step_by_step(stage) {
  const { page } = stage;
  const portal = await openDirectory(stage);
  await page.getByRole('textbox', { name: 'Base DN' }).fill('ou=nowhere,dc=brightmoor,dc=example');
  await page.getByRole('tab', { name: 'Try out' }).click();
  await page.getByRole('button', { name: 'Test connection' }).click();
  await page.getByText('The source cannot be read.').waitFor();
  await page.getByText(/ou=nowhere.* was not found/).waitFor();
  await page.getByText('Entries (skipped):').waitFor();
  await portal.inspect('source-test-failed');
  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByRole('textbox', { name: 'Base DN' }).fill('dc=brightmoor,dc=example');
  await page.getByRole('tab', { name: 'Try out' }).click();
  await page.getByRole('button', { name: 'Test connection' }).click();
  await page.getByText('The source can be read, but look at the warnings.').waitFor();
  await page.getByText('At least 1,000 entries were found.').waitFor();
  await portal.inspect('source-test');
  const asked = portal.mock.requests.filter(({ path }) => path.endsWith('/test'));
  assert.equal(asked[0].body.source.connection.base_dn, 'ou=nowhere,dc=brightmoor,dc=example');
  assert.deepEqual(portal.mock.faults, []);
}

export async function rules_are_edited_and_tried_before_they_are_saved(stage) {
  const { page } = stage;
  const portal = await openDirectory(stage);
  await page.getByRole('switch', { name: 'Own mapping' }).click();
  const edit = page.getByRole('button', { name: 'Edit the rules for Display name' });
  await edit.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Rules for Display name' }).waitFor();
  await page.getByLabel('Attributes', { exact: true }).fill('displayName');
  const add = page.getByLabel('Add a change');
  await add.selectOption('replace');
  await page.getByRole('textbox', { name: 'Regular expression' }).fill('^(.*), (.*)$');
  await page.getByRole('textbox', { name: 'Replacement' }).fill('$2 $1');
  await add.selectOption('title_case');
  await page.getByRole('button', { name: 'Add rule' }).click();
  await page.getByLabel('Attributes', { exact: true }).last().fill('cn');
  await portal.inspect('source-rules', { isOverlay: true });
  await page.getByRole('button', { name: 'Apply' }).click();
  await page
    .getByRole('heading', { name: 'Rules for Display name' })
    .waitFor({ state: 'detached' });
  const text = page.getByRole('textbox', { name: 'Display name' });
  assert.match(await text.inputValue(), /^displayName → replace .* → Words with a capital\ncn$/);
  assert.ok(await edit.evaluate((button) => button === document.activeElement));
  await page.getByLabel('International telephone numbers').selectOption('DE');
  await portal.inspect('source-mapping');

  await page.getByRole('tab', { name: 'Try out' }).click();
  await page.getByLabel('Address or name of the entry').fill('nobody@brightmoor.example');
  await page.keyboard.press('Enter');
  await page.getByText('The source has no such entry.').waitFor();
  await page.getByLabel('Address or name of the entry').fill('anna@brightmoor.example');
  await page.keyboard.press('Enter');
  const field = page.getByRole('listitem').filter({ hasText: /^Display name: Anna Müller/ });
  await field.locator('summary').click();
  await field.getByText('replace “^(.*), (.*)$” by “$2 $1”: ANNA MÜLLER').waitFor();
  await page.getByText('+49301234567', { exact: true }).waitFor();
  await page.getByText('Not asked for, because it may be secret.').waitFor();
  await portal.inspect('source-try');

  await page.getByRole('tab', { name: 'Settings' }).click();
  await edit.click();
  await page.getByRole('button', { name: 'Move rule 2 up' }).click();
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByRole('tab', { name: 'Try out' }).click();
  await page
    .getByRole('listitem')
    .filter({ hasText: /^Display name: ANNA MÜLLER/ })
    .waitFor();

  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await portal.told(/was saved\.$/);
  const patch = portal.mock.requests.findLast(({ method }) => method === 'PATCH');
  assert.equal(patch.body.normalize_numbers, 'DE');
  assert.deepEqual(patch.body.mapping.display_name, [
    'cn',
    {
      attributes: ['displayName'],
      transforms: [
        { kind: 'replace', pattern: '^(.*), (.*)$', with: '$2 $1' },
        { kind: 'title_case' },
      ],
    },
  ]);
  assert.deepEqual(portal.mock.faults, []);
}

export async function a_new_source_is_tested_and_tried_in_its_wizard(stage) {
  const { page } = stage;
  const portal = await open(stage, `${SOURCES}/new`);
  await page.getByRole('textbox', { name: 'Host' }).fill('dc1.example.com');
  await page.getByLabel('Bind DN').fill('cn=reader,dc=example');
  await page.getByLabel('Password of the service account').fill('a secret');
  await page.getByLabel('Base DN').fill('dc=example,dc=com');
  await page.getByRole('button', { name: 'Test connection' }).click();
  await page.getByText('dc1.example.com answers on port 636.').waitFor();
  await portal.inspect('source-new-test');
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Head office');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByLabel('Address or name of the entry').fill('anna@brightmoor.example');
  await page.getByRole('button', { name: 'Show entry' }).click();
  await page.getByText('Job title:').waitFor();
  const { body } = portal.mock.requests.findLast(({ path }) => path.endsWith('/sources/try'));
  assert.equal(body.secret, 'a secret');
  assert.deepEqual(portal.mock.faults, []);
}

export async function looking_into_a_source_speaks_german(stage) {
  const { page } = stage;
  const portal = await openDirectory(stage, { language: 'de' });
  await page.getByRole('tab', { name: 'Ausprobieren' }).click();
  await page.getByRole('button', { name: 'Verbindung testen' }).click();
  await page.getByText('Die Quelle kann gelesen werden, aber').waitFor();
  await page.getByLabel('Adresse oder Name des Eintrags').fill('anna');
  await page.keyboard.press('Enter');
  await page.getByText('Was die Felder bekommen').waitFor();
  await portal.inspect('source-try-de');
}
