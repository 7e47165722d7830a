/**
 * What a browser does first of all at a gateway, whatever database it has, for another program: an administrator signs
 * in, finds a contact, makes one, shows it on a page, and deletes it; a visitor sees it come, change and go.
 *
 *   node smoke-live.mjs [--shots FOLDER]     environment: CHROMIUM
 *
 * Standard input is one JSON object: "url" of a gateway that was just started, and "token" of its set-up link.
 *
 * Says each step on standard output; ends with 1 when one fails, or when the browser complained.
 */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { attempt } from './attempt.mjs';
import { launch } from './browser.mjs';
import { firstTenant, PASSWORD } from './client.mjs';
import { ACTS, EXPECTED_REFUSALS } from './portal-live-acts.mjs';
import { openPortalAt } from './portal-stage.mjs';
import { openStage } from './stage.mjs';
import { pageOf, serveWebsite } from './website.mjs';

const { values } = parseArgs({ options: { shots: { type: 'string' } } });
if (values.shots) await mkdir(values.shots, { recursive: true });
const { url, token } = JSON.parse(await text(process.stdin));
const NEWCOMER = 'Zora Quill';

/** A company with a page on a website of its own. */
async function company(pages, host) {
  const { admin, tenant } = await firstTenant(url, token);
  const home = `/tenants/${tenant}`;
  const of = (kind, fields) => admin.ask('POST', `${home}/${kind}`, fields);
  const sip = 'sip:zora.quill@portal.example';
  const zora = await of('contacts', { display_name: NEWCOMER, sip });
  await of('groups', { name: 'Sales' });
  await of('sites', { name: 'Berlin' });
  const domain = await of('domains', { title: 'Web', hosts: [host], is_http_allowed: true });
  const page = await of('publications', { title: 'Team', domains: [domain.id] });
  const entries = [{ contact: zora.id }];
  await admin.ask('PUT', `${home}/publications/${page.id}/entries`, { entries });
  pages['/index.html'] = pageOf({ gateway: url, publication: page.key });
  return { admin, contact: `${home}/contacts/${zora.id}` };
}

const pages = {};
const site = await serveWebsite({ gateway: url, pages });
const { admin, contact } = await company(pages, new URL(site.url).host);
const browser = await launch();
const stage = await openStage(browser.context, values.shots);
const website = await openStage(await browser.open(), values.shots);
const cards = website.page.locator('switchboard-contacts .card');
const card = (name) => cards.filter({ hasText: name });

/** The acts of the portal's own test that need nothing but a company. */
const known = (name) => ACTS.find((act) => act.name === name);

const STEPS = [
  async function an_administrator_signs_in(portal) {
    await portal.signIn('Example', 'admin', PASSWORD);
    await portal.arrived();
  },
  async function the_list_finds_somebody_as_somebody_writes({ page, search }) {
    await page.getByRole('link', { name: 'Contacts' }).first().click();
    await page.getByRole('grid', { name: 'Contacts' }).waitFor();
    await search('quill zora');
    await page.getByRole('link', { name: NEWCOMER }).waitFor();
    await page.getByText('1 entry').waitFor();
  },
  known('an_address_that_is_taken_names_its_holder'),
  known('the_wizard_makes_a_contact_with_a_picture'),
  known('the_contact_is_changed'),
  async function a_visitor_sees_who_is_there_and_how() {
    await website.page.goto(site.url);
    await card(NEWCOMER).waitFor();
    const word = { availability: 'available' };
    await admin.ask('PUT', `${contact}/presence/manual`, word);
    await website.page.locator('.card[data-state="available"]').waitFor();
  },
  known('the_contact_comes_into_a_group_and_a_publication'),
  async function the_visitor_sees_who_came_without_reload() {
    await card('Zoë Test').waitFor();
    assert.equal(await cards.count(), 2);
  },
  known('the_contact_is_deleted_with_its_consequences'),
  async function the_visitor_sees_who_went() {
    await card('Zoë Test').waitFor({ state: 'detached' });
  },
  async function the_contact_comes_back_to_where_it_was(portal) {
    await portal.page.getByRole('button', { name: 'Undo' }).click();
    await portal.told('Zoë Test is back.');
    await card('Zoë Test').waitFor();
  },
];

try {
  stage.allow(EXPECTED_REFUSALS);
  const portal = await openPortalAt(stage, url);
  for (const one of STEPS) {
    const act = async () => {
      await one(portal, { tenant: 'Example', password: PASSWORD, newcomer: NEWCOMER });
      website.expectQuiet();
      await stage.shot(`smoke-${one.name}`, false);
    };
    if (!(await attempt(one.name, stage, act, { shot: 'smoke-failed' }))) break;
  }
} finally {
  await website.close();
  await stage.close();
  await browser.close();
  await site.close();
}
