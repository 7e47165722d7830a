/** The portal on how presence of sources is kept alive, and on having them asked anew. */
import assert from 'node:assert/strict';
import { idOf, kept } from '../mock-company.mjs';
import { upkeepOf } from '../mock-upkeep.mjs';
import { openPortal } from '../portal-stage.mjs';

const TENANT = '/tenants/01M000000000000000000TENA1';
const HOME = TENANT.slice(1).replace('tenants', 't');
const SOURCE = idOf('D', 9);

/** A source in the cloud of Microsoft. */
function graph(presence = null) {
  return {
    ...kept(SOURCE),
    name: 'Cloud of the company',
    connection: {
      kind: 'graph',
      url: 'https://graph.microsoft.com/v1.0',
      tenant: 'brightmoor.example',
      client_id: '11111111-2222-3333-4444-555555555555',
      certificate: null,
      token_url: null,
      timeout_seconds: 30,
      trusted_certificates: null,
    },
    mapping: null,
    presence,
    schedule: null,
    poll_minutes: null,
    time_zone: 'UTC',
    approval_threshold_percent: 10,
    change_threshold_percent: null,
    leavers: { rule: 'disable' },
    keep_days: 30,
    is_disabled: false,
    secret: 'present',
  };
}

async function openHealth(stage, { language = 'en', before } = {}) {
  const portal = await openPortal(stage, { path: null, language });
  portal.mock.company[`${TENANT}/sources`] = [graph()];
  before?.(portal.mock);
  await portal.go(`${HOME}/sources/${SOURCE}`);
  const name = language === 'de' ? 'Präsenz' : 'Presence';
  await stage.page.getByRole('main').getByRole('tab', { name, exact: true }).click();
  return portal;
}

/** Every state with its reasons, one thing that the source as a whole refuses. */
function everyState(mock) {
  const calendar = (number, state, fields) =>
    upkeepOf(idOf('C', number), state, { aspect: 'calendar', ...fields });
  mock.upkeep.say(
    SOURCE,
    [
      upkeepOf(idOf('C', 0), 'polling', { is_watched: true }),
      upkeepOf(idOf('C', 1), 'subscribed'),
      upkeepOf(idOf('C', 7), 'waiting_to_retry', { reason: 'unreadable', heard_at: null }),
      upkeepOf(idOf('C', 2), 'failed', { reason: 'nobody_there', heard_at: null }),
      upkeepOf(idOf('C', 3), 'subscribing', { heard_at: null }),
      calendar(0, 'waiting_to_retry', { reason: 'busy' }),
      calendar(1, 'waiting_to_retry', { reason: 'no_answer' }),
      calendar(2, 'failed', { reason: 'refused' }),
      calendar(3, 'waiting_to_retry', { reason: 'ended' }),
    ],
    {
      calendar: {
        code: 'request_refused',
        url: 'https://graph.microsoft.com/v1.0/users/getSchedule',
        status: 403,
        detail: 'Forbidden',
      },
    },
  );
}

export async function a_source_says_how_presence_is_kept_alive(stage) {
  const { page } = stage;
  const portal = await openHealth(stage, { before: everyState });
  await page.getByRole('grid', { name: 'Contacts that the source is asked about' }).waitFor();
  await page.getByText('1 polling').waitFor();
  await page.getByText('3 waiting to retry').waitFor();
  for (const reason of [
    'answer could not be read',
    'does not know the contact',
    'has too much to do',
    'did not answer',
    'ended by the source',
    'refused by the source',
  ]) {
    await page.getByText(reason, { exact: true }).waitFor();
  }
  await page.getByRole('link', { name: 'Anna Müller' }).first().waitFor();
  await portal.inspect('source-presence');
  // What becomes of it is seen without a reload.
  portal.mock.upkeep.say(SOURCE, [upkeepOf(idOf('C', 0), 'polling')]);
  await page.getByText('3 waiting to retry').waitFor({ state: 'detached' });
}

export async function a_source_that_is_not_asked_says_how_to_begin(stage) {
  const { page } = stage;
  const portal = await openHealth(stage);
  await page.getByRole('heading', { name: 'This source is not asked about presence' }).waitFor();
  await portal.inspect('source-presence-none');
  await page.getByRole('tab', { name: 'Settings' }).click();
  const asked = page.getByRole('group', { name: 'Also asked about' });
  await asked.getByLabel(/How available people are/).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await portal.told('Cloud of the company was saved.');
  const patch = portal.mock.requests.findLast(({ method }) => method === 'PATCH');
  const unasked = { reads_calendar: false, reads_calls: false };
  assert.deepEqual(patch.body.presence, { reads_presence: true, ...unasked });
  await asked.scrollIntoViewIfNeeded();
  await portal.inspect('source-presence-asked', { isOverlay: true });
}

export async function health_speaks_german(stage) {
  const { page } = stage;
  const portal = await openHealth(stage, { language: 'de', before: everyState });
  await page.getByText('3 vor neuem Versuch').waitFor();
  await portal.inspect('source-presence-de');
}

export async function contacts_groups_and_sites_are_asked_anew(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { path: null });
  const { company } = portal.mock;
  const site = company[`${TENANT}/sites`][0].id;
  const group = company[`${TENANT}/groups`][0].id;
  const contact = company[`${TENANT}/contacts`][0].id;
  portal.mock.upkeep.subscriptions = 2;
  for (const place of [`sites/${site}`, `groups/${group}`, `contacts/${contact}`]) {
    await portal.go(`${HOME}/${place}`);
    if (place.startsWith('contacts')) {
      await page.getByRole('tab', { name: 'Presence', exact: true }).click();
    }
    await page.getByRole('button', { name: 'Resubscribe' }).click();
    await portal.told('2 subscriptions are asked for anew.');
    const { path } = portal.mock.requests.findLast(({ method }) => method === 'POST');
    assert.equal(path, `${TENANT}/${place}/resubscribe`);
  }
  await portal.inspect('contact-resubscribe', { isOverlay: true });
  portal.mock.upkeep.subscriptions = 0;
  await page.getByRole('button', { name: 'Resubscribe' }).click();
  await portal.told('No source is asked about this, so there is nothing to ask anew.');
  portal.mock.refuse(/POST .*resubscribe$/, 503, 'Busy.');
  await page.getByRole('button', { name: 'Resubscribe' }).click();
  await portal.told('The gateway is busy.');
}

export async function all_contacts_of_a_tenant_are_asked_anew_after_a_question(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { path: `${HOME}/presence` });
  portal.mock.upkeep.subscriptions = 1200;
  await page.getByRole('button', { name: 'Resubscribe' }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByText('Every source is asked about every contact at once').waitFor();
  await portal.inspect('presence-resubscribe', { isOverlay: true });
  await dialog.getByRole('button', { name: 'Resubscribe' }).click();
  await portal.told('1,200 subscriptions are asked for anew.');
  const { path } = portal.mock.requests.findLast(({ method }) => method === 'POST');
  assert.equal(path, `${TENANT}/resubscribe`);
}
