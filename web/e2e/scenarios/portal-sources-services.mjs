/** Sources that are asked over HTTP: made, tried and changed. */
import assert from 'node:assert/strict';
import { furnish } from '../mock-admin.mjs';
import { TENANT } from '../mock-company.mjs';
import { openPortal } from '../portal-stage.mjs';

const SOURCES = `t/${TENANT}/sources`;
const EWS = 'https://mail.example.com/EWS/Exchange.asmx';
const KEY = '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----';

async function openNew(stage, kind, options = {}) {
  const { page } = stage;
  const portal = await openPortal(stage, { path: null, ...options });
  furnish(portal.mock.company, TENANT);
  await portal.go(`${SOURCES}/new`);
  await page.getByLabel(options.language === 'de' ? 'Art' : 'Kind').selectOption(kind);
  return portal;
}

/** Goes on to the last step and adds the source; gives what was sent. */
async function add({ page }, portal, name) {
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByLabel('Address or name of the entry').waitFor();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('button', { name: 'Add source' }).click();
  await portal.told(`${name} was added.`);
  const sent = portal.mock.requests.findLast(
    ({ method, path }) => method === 'POST' && path.endsWith('/sources'),
  );
  return sent.body;
}

function secretOf(portal) {
  const sent = portal.mock.requests.findLast(({ path }) => path.endsWith('/secret'));
  return sent?.body.secret;
}

export async function an_exchange_server_is_added_tried_and_changed(stage) {
  const { page } = stage;
  const portal = await openNew(stage, 'exchange');
  await page
    .getByRole('textbox', { name: 'Address', exact: true })
    .fill('http://mail.example.com/');
  await page.getByLabel('User name').fill('EXAMPLE\\switchboard');
  await page.getByLabel('Password of the service account').fill('a password');
  await page.getByLabel('Domains of the people').fill('example');
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Exchange');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText(/unencrypted only on the gateway/).waitFor();
  await page.getByText(/At most 20 domains/).waitFor();
  await portal.inspect('source-exchange-refused');
  await page
    .getByRole('textbox', { name: 'Address', exact: true })
    .fill('https://nowhere.example.com/EWS');
  await page.getByLabel('Domains of the people').fill('example.com, example.org');
  await page.getByRole('button', { name: 'Test connection' }).click();
  await page.getByText(/cannot be reached/).waitFor();
  await page.getByRole('textbox', { name: 'Address', exact: true }).fill(EWS);
  await page.getByRole('button', { name: 'Test connection' }).click();
  await page.getByText('The source can be read.').waitFor();
  await portal.inspect('source-exchange-new');

  await page.getByRole('button', { name: 'Next' }).click();
  assert.equal(await page.getByRole('option', { name: 'DN' }).count(), 0);
  await page.getByLabel('Address or name of the entry').fill('anna@brightmoor.example');
  await page.getByRole('button', { name: 'Show entry' }).click();
  await page.getByText('Display name:').waitFor();
  await portal.inspect('source-exchange-try');
  const tried = portal.mock.requests.findLast(({ path }) => path.endsWith('/sources/try'));
  assert.equal(tried.body.secret, 'a password');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByLabel('Schedule').waitFor();
  for (const hidden of ['Minutes between looks at changes', 'When an entry is gone']) {
    assert.equal(await page.getByLabel(hidden).count(), 0, hidden);
  }
  await portal.inspect('source-exchange-schedule');
  await page.getByRole('button', { name: 'Add source' }).click();
  await portal.told('Exchange was added.');
  const made = portal.mock.requests.findLast(
    ({ method, path }) => method === 'POST' && path.endsWith('/sources'),
  );
  assert.deepEqual(made.body.connection, {
    kind: 'exchange',
    url: EWS,
    authentication: { method: 'basic', user_name: 'EXAMPLE\\switchboard' },
    is_impersonating: false,
    address_domains: ['example.com', 'example.org'],
    photo_size: 'HR240x240',
    timeout_seconds: 30,
    trusted_certificates: null,
  });
  assert.deepEqual([made.body.schedule, made.body.leavers], ['30 1 * * *', { rule: 'keep' }]);
  assert.equal(secretOf(portal), 'a password');

  await page.getByLabel('Signs in').selectOption('oauth2');
  await page.getByLabel('Application (client) ID').fill('gateway');
  await page.getByLabel('Certificate of the application (PEM)').fill('PEM');
  await page.getByLabel('Address of the token service').fill('https://login.example.com/token');
  await page.getByRole('switch', { name: 'Ask in the name of each person' }).click();
  await portal.inspect('source-exchange-edit');
  await page.getByRole('button', { name: 'Save' }).click();
  await portal.told(/^Exchange was saved\./);
  const patch = portal.mock.requests.findLast(({ method }) => method === 'PATCH');
  assert.deepEqual(patch.body.connection.authentication, {
    user_name: null,
    method: 'oauth2',
    token_url: 'https://login.example.com/token',
    client_id: 'gateway',
    scope: 'https://outlook.office365.com/.default',
    certificate: 'PEM',
  });
  assert.deepEqual(portal.mock.faults, []);
}

export async function a_tenant_of_graph_is_added_with_a_certificate(stage) {
  const { page } = stage;
  const portal = await openNew(stage, 'graph');
  await page.getByLabel('Entra tenant').fill('example.onmicrosoft.com');
  await page.getByLabel('Application (client) ID').fill('gateway');
  await page.getByLabel('Client secret').fill('not needed in the end');
  await page.getByLabel('Certificate of the application (PEM)').fill('PEM');
  await page.getByLabel('Private key of the certificate (PEM)').fill(KEY);
  await page.getByRole('button', { name: 'Test connection' }).click();
  await page.getByText('At least 1,000 entries were found.').waitFor();
  await portal.inspect('source-graph-new');
  const { connection } = await add(stage, portal, 'Entra');
  assert.deepEqual(connection, {
    kind: 'graph',
    url: 'https://graph.microsoft.com/v1.0',
    tenant: 'example.onmicrosoft.com',
    token_url: null,
    client_id: 'gateway',
    certificate: 'PEM',
    timeout_seconds: 30,
    trusted_certificates: null,
  });
  assert.equal(secretOf(portal), KEY);
  await page.getByRole('tab', { name: 'Secret' }).click();
  await page.getByText('A secret is kept.').waitFor();
  await page.getByRole('button', { name: 'Enter again' }).click();
  await page.getByLabel('Private key of the certificate (PEM)').waitFor();
  await portal.inspect('source-graph-secret');
  assert.deepEqual(portal.mock.faults, []);
}

export async function a_skype_for_business_server_is_added_in_german(stage) {
  const { page } = stage;
  const portal = await openNew(stage, 'ucwa', { language: 'de' });
  await page.getByLabel('Adresse des Auffindedienstes').fill('https://lyncdiscover.example.com/');
  await page.getByLabel('Benutzername').fill('switchboard@example.com');
  await page.getByLabel('Passwort des Dienstkontos').fill('a password');
  await page.getByLabel('Domänen weiterer Server').fill('com');
  await page.getByLabel('Domänen der Personen').fill('example.com');
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Lync');
  await page.getByRole('button', { name: 'Weiter' }).click();
  await page.getByText(/Höchstens 20 Domänen/).waitFor();
  await page.getByLabel('Domänen weiterer Server').fill('example.com');
  await page.getByRole('button', { name: 'Verbindung testen' }).click();
  await page.getByText('Die Quelle kann gelesen werden.').waitFor();
  await portal.inspect('source-ucwa-new-de');
  const tested = portal.mock.requests.findLast(({ path }) => path.endsWith('/sources/test'));
  assert.deepEqual(tested.body.source.connection, {
    kind: 'ucwa',
    url: 'https://lyncdiscover.example.com/',
    domains: ['example.com'],
    address_domains: ['example.com'],
    user_name: 'switchboard@example.com',
    subscription_minutes: 30,
    publishes: 'nothing',
    timeout_seconds: 30,
    trusted_certificates: null,
  });
  assert.equal(tested.body.secret, 'a password');

  // What is asked about presence, and what the server is told, belong together.
  assert.equal(await page.getByLabel('Was der Server vom Konto erfährt').count(), 0);
  await page.getByRole('checkbox', { name: 'Wie verfügbar jemand ist' }).click();
  await page.getByLabel('Was der Server vom Konto erfährt').selectOption('own_word');
  await page.getByLabel('Minuten eines Abonnements').fill('9');
  await page.getByRole('button', { name: 'Weiter' }).click();
  await page.getByText(/10 .*30/).waitFor();
  await page.getByLabel('Minuten eines Abonnements').fill('20');
  await portal.inspect('source-ucwa-presence-de');
  await page.getByRole('button', { name: 'Verbindung testen' }).click();
  await page.getByText('Die Quelle kann gelesen werden.').waitFor();
  const again = portal.mock.requests.findLast(({ path }) => path.endsWith('/sources/test'));
  const { subscription_minutes, publishes } = again.body.source.connection;
  assert.deepEqual([subscription_minutes, publishes], [20, 'own_word']);
  assert.equal(again.body.source.presence.reads_presence, true);
  assert.deepEqual(portal.mock.faults, []);
}

export async function a_sip_server_is_added_tried_and_changed(stage) {
  const { page } = stage;
  const portal = await openNew(stage, 'sip');
  const field = (name) => page.getByRole('textbox', { name, exact: true });
  await field('Name').fill('Telephones');
  await field('Host').fill('sip nowhere');
  await field('Address of the gateway').fill('switchboard');
  await page.getByRole('button', { name: 'Add source' }).click();
  await page.getByText(/An address such as sip:switchboard/).waitFor();
  await page.getByText(/Choose at least one/).waitFor();
  await portal.inspect('source-sip-refused');

  await field('Host').fill('nowhere.example.com');
  await field('Address of the gateway').fill('sip:switchboard@example.com');
  await page.getByLabel('User name').fill('4711');
  await page.getByLabel('Password of the service account').fill('a password');
  await page.getByRole('checkbox', { name: 'How available people are' }).click();
  await page.getByRole('checkbox', { name: 'Whether people are on the telephone' }).click();
  await page.getByRole('button', { name: 'Test connection' }).click();
  await page
    .getByText(/nowhere.example.com/)
    .last()
    .waitFor();
  await field('Host').fill('sip.example.com');
  await page.getByLabel('Transport').selectOption('udp');
  await page.getByRole('button', { name: 'Test connection' }).click();
  await page.getByText(/4711/).last().waitFor();
  await portal.inspect('source-sip-new');
  for (const hidden of ['Schedule', 'Which attribute gives which field', 'When an entry is gone']) {
    assert.equal(await page.getByText(hidden, { exact: true }).count(), 0, hidden);
  }
  await page.getByRole('button', { name: 'Add source' }).click();
  await portal.told('Telephones was added.');
  const made = portal.mock.requests.findLast(
    ({ method, path }) => method === 'POST' && path.endsWith('/sources'),
  );
  assert.deepEqual(made.body.connection, {
    kind: 'sip',
    host: 'sip.example.com',
    port: null,
    transport: 'udp',
    address: 'sip:switchboard@example.com',
    user_name: '4711',
    address_domains: [],
    expires_seconds: 3600,
    timeout_seconds: 30,
    trusted_certificates: null,
  });
  const read = { reads_presence: true, reads_calendar: false, reads_calls: true };
  assert.deepEqual([made.body.presence, made.body.schedule], [read, null]);
  assert.equal(secretOf(portal), 'a password');

  // There is nobody to read: no runs, nothing set aside, nothing to synchronise.
  for (const tab of ['Runs', 'Set aside']) {
    assert.equal(await page.getByRole('tab', { name: tab }).count(), 0, tab);
  }
  assert.equal(await page.getByRole('button', { name: 'Synchronize' }).count(), 0);
  await page.getByLabel('Transport').selectOption('tls');
  await field('Port').fill('5071');
  await portal.inspect('source-sip-edit');
  await page.getByRole('button', { name: 'Save' }).click();
  await portal.told(/^Telephones was saved\./);
  const patch = portal.mock.requests.findLast(({ method }) => method === 'PATCH');
  const { transport, port } = patch.body.connection;
  assert.deepEqual([transport, port], ['tls', 5071]);
  await page.getByRole('tab', { name: 'Presence' }).waitFor();
  assert.deepEqual(portal.mock.faults, []);
}

export async function a_sip_server_is_added_in_german(stage) {
  const { page } = stage;
  const portal = await openNew(stage, 'sip', { language: 'de' });
  await page.getByRole('textbox', { name: 'Rechner' }).fill('sip.example.com');
  await page.getByLabel('Adresse des Gateways').fill('sip:switchboard@example.com');
  await page.getByRole('checkbox', { name: 'Ob jemand telefoniert' }).click();
  await portal.inspect('source-sip-new-de');
  assert.deepEqual(portal.mock.faults, []);
}
