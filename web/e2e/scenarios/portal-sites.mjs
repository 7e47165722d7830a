/** The portal's sites and domains: where an organisation is, and on which pages it may be shown. */
import assert from 'node:assert/strict';
import { openPortal } from '../portal-stage.mjs';

const TENANT = '/tenants/01M000000000000000000TENA1';
const HOME = TENANT.slice(1).replace('tenants', 't');
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC',
  'base64',
);

export async function a_site_is_made_with_zone_and_numbers(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { path: `${HOME}/sites` });
  await page.getByRole('grid', { name: 'Sites' }).waitFor();
  await portal.inspect('sites');
  await page.getByRole('button', { name: 'Add site' }).click();
  await page.getByRole('heading', { level: 1, name: 'Add a site' }).waitFor();
  await page.getByRole('button', { name: 'Add site' }).click();
  await page.getByText('Enter a value.').waitFor();
  await page.getByLabel('Name', { exact: false }).first().fill('Zürich');
  const zone = page.getByRole('combobox', { name: /Time zone/ });
  await zone.fill('zurich');
  await page.getByRole('option', { name: /Europe\/Zurich/ }).click();
  await page.getByRole('checkbox', { name: 'Callback' }).check();
  await page.getByRole('button', { name: 'Add range' }).click();
  await page.getByLabel('First number of range 1').fill('+41 44 123 00 00');
  await page.getByLabel('Last number of range 1').fill('+41 44 122');
  await page.getByText('A number as long as the first').waitFor();
  await portal.inspect('site-new-refused');
  await page.getByLabel('Last number of range 1').fill('+41441230099');
  await page.getByRole('button', { name: 'Add site' }).click();
  await portal.told('Zürich was added.');
  const site = portal.mock.company[`${TENANT}/sites`].find(({ name }) => name === 'Zürich');
  assert.equal(site.time_zone, 'Europe/Zurich');
  assert.deepEqual(site.number_ranges, [{ from: '+41441230000', to: '+41441230099' }]);
  assert.deepEqual(site.features, ['callback']);
}

export async function a_name_that_is_taken_is_said_at_its_field(stage) {
  const { page } = stage;
  await openPortal(stage, { path: `${HOME}/sites/new` });
  await page.getByRole('textbox', { name: 'Name' }).fill('BERLIN');
  await page.getByRole('button', { name: 'Add site' }).click();
  await page.locator('[data-field=name]').getByText('is already taken').waitFor();
}

export async function a_zone_that_is_none_is_refused(stage) {
  const { page } = stage;
  await openPortal(stage, { path: `${HOME}/sites/new` });
  await page.getByRole('combobox', { name: /Time zone/ }).fill('Atlantis/Capital');
  await page.getByRole('textbox', { name: 'Name' }).focus();
  await page.locator('[data-field=time_zone]').getByText('A time zone such as').waitFor();
}

export async function a_site_shows_what_others_changed(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { path: `${HOME}/sites` });
  await page.getByRole('link', { name: 'Berlin', exact: true }).click();
  await page.getByRole('textbox', { name: 'City' }).fill('Potsdam');
  const site = portal.mock.company[`${TENANT}/sites`][0];
  portal.mock.change(`${TENANT}/sites/${site.id}`, {
    number_ranges: [{ from: '+493012345600', to: '+493012345699' }],
  });
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('now: +493012345600 – +493012345699').waitFor();
  await portal.inspect('site-conflict');
  await page.getByRole('button', { name: 'Keep my changes' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await portal.told('Berlin was saved.');
  const patch = portal.mock.requests.findLast(({ method }) => method === 'PATCH');
  assert.deepEqual(patch.body, { city: 'Potsdam' });
  await portal.inspect('site', { isOverlay: true });
}

export async function a_site_leads_to_its_contacts(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { path: null });
  const company = portal.mock.company;
  const site = company[`${TENANT}/sites`][0];
  const [first] = company[`${TENANT}/contacts`];
  company[`${TENANT}/groups/${site.root_group}/members`] = [first];
  await portal.go(`${HOME}/sites/${site.id}`);
  await page.getByRole('link', { name: 'Contacts of this site' }).click();
  await page.getByRole('button', { name: 'Group: Berlin' }).waitFor();
  await page.getByText('1 entry').waitFor();
  await portal.inspect('site-contacts');
  await portal.search('nobody');
  await page.getByRole('heading', { name: 'Nothing found' }).waitFor();
  assert.match(page.url(), /group=/, 'a search stays within the group');
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.getByRole('button', { name: 'Group: Berlin' }).waitFor({ state: 'detached' });
}

export async function deleting_a_site_says_what_goes_with_it(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { path: null });
  const company = portal.mock.company;
  const site = company[`${TENANT}/sites`][0];
  company[`${TENANT}/groups`].find(({ root_of }) => root_of).member_count = 12;
  const publication = company[`${TENANT}/publications`][0];
  publication.site = site.id;
  portal.mock.places.setEntries(publication.id, [{ group: site.root_group }]);
  await portal.go(`${HOME}/sites`);
  await page.getByRole('button', { name: 'Actions for Berlin' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByText('12 contacts are in its root group').waitFor();
  await page.getByText('4 groups below go with it.').waitFor();
  await page.getByText('“Website” is of no site any more.').waitFor();
  await page.getByText('“Website” shows it, or a group below, no more.').waitFor();
  await portal.inspect('site-remove');
  await page.getByRole('button', { name: 'Delete site' }).click();
  await page.getByRole('heading', { name: 'No sites yet' }).waitFor();
  await portal.inspect('sites-empty', { isOverlay: true });
}

export async function sites_and_domains_speak_german(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { language: 'de', path: `${HOME}/sites` });
  await page.getByRole('link', { name: 'Berlin', exact: true }).click();
  await page.getByRole('textbox', { name: 'Straße' }).waitFor();
  await portal.inspect('site-de');
  await portal.go(`${HOME}/domains`);
  await page.getByRole('heading', { name: 'Noch keine Domains' }).waitFor();
  await portal.inspect('domains-empty-de');
  await portal.go(`${HOME}/domains/new`);
  await page.getByRole('textbox', { name: 'Hosts' }).waitFor();
  await portal.inspect('domain-new-de');
}

export async function a_domain_takes_hosts_without_wildcards(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { path: `${HOME}/domains/new` });
  await page.getByRole('textbox', { name: 'Title' }).fill('Main website');
  const hosts = page.getByRole('textbox', { name: 'Hosts' });
  await hosts.fill('*.example.com');
  await page.getByRole('switch', { name: 'HTTPS' }).click();
  await page.getByText('“*.example.com” has a wildcard').waitFor();
  await page.getByText('Allow at least one of HTTPS and HTTP.').waitFor();
  await portal.inspect('domain-refused');
  await page.getByRole('switch', { name: 'HTTPS' }).click();
  await hosts.fill('https://WWW.Example.com/contact\nlocalhost:8081');
  await page.getByRole('button', { name: 'Add domain' }).click();
  await portal.told('Main website was added.');
  const [domain] = portal.mock.company[`${TENANT}/domains`];
  assert.deepEqual(domain.hosts, ['www.example.com', 'localhost:8081']);
  await page.getByRole('tab', { name: 'Default avatars' }).click();
  await page.getByText('Contacts without their own show initials.').waitFor();
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'one.png', mimeType: 'image/png', buffer: PNG });
  await page.getByRole('checkbox', { name: 'Away' }).check();
  await page.getByRole('checkbox', { name: 'Away', checked: true }).waitFor();
  await portal.inspect('domain-avatars', { isOverlay: true });
}

export async function deleting_a_domain_says_which_publications_use_it(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { path: null });
  const company = portal.mock.company;
  const kept = {
    revision: 1,
    created_at: '2026-11-20T08:00:00Z',
    updated_at: '2026-11-20T08:00:00Z',
  };
  const domain = {
    id: '01MW0000000000000000000001',
    title: 'Main website',
    hosts: ['www.example.com', 'a-very-long-host-name-that-goes-on-and-on.department.example.com'],
    is_http_allowed: true,
    is_https_allowed: true,
    ...kept,
  };
  company[`${TENANT}/domains`].push(domain);
  company[`${TENANT}/publications`][0].domains = [domain.id];
  await portal.go(`${HOME}/domains`);
  await page.getByRole('grid', { name: 'Domains' }).waitFor();
  await portal.inspect('domains');
  await page.getByRole('button', { name: 'Actions for Main website' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByText('“Website” is left without a domain').waitFor();
  await portal.inspect('domain-remove');
  portal.mock.change(`${TENANT}/domains/${domain.id}`, { title: 'Main website' });
  await page.getByRole('button', { name: 'Delete domain' }).click();
  await page.getByRole('alert').getByText('Somebody else has changed it.').waitFor();
}
