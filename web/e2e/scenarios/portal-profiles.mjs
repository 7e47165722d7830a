/** The portal's presence profiles, client profiles, and the profile of whoever works. */
import assert from 'node:assert/strict';
import { kept } from '../mock-company.mjs';
import { profileOf } from '../mock-profiles.mjs';
import { openPortal } from '../portal-stage.mjs';

const TENANT = '01M000000000000000000TENA1';
const HOME = `t/${TENANT}`;
const LONG = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenausgabestellenpause';

async function openLicensed(stage, path) {
  const portal = await openPortal(stage, { path: null });
  portal.mock.company['/tenants'].find(({ id }) => id === TENANT).client_licences = 5;
  portal.mock.profiles.own = { is_fixed: false };
  await portal.go(path);
  return portal;
}

const last = (portal, wanted) => portal.mock.requests.findLast(({ method }) => method === wanted);

export async function without_licences_the_portal_shows_nothing_of_profiles(stage) {
  const { page } = stage;
  const portal = await openPortal(stage);
  const link = page.getByRole('navigation').getByRole('link', { name: 'Profiles', exact: true });
  await page.getByRole('navigation').getByRole('link', { name: 'Users' }).waitFor();
  assert.equal(await link.count(), 0);
  await portal.go('account');
  await page.getByRole('heading', { name: 'My account' }).waitFor();
  await page.getByRole('heading', { name: 'Password' }).waitFor();
  assert.equal(await page.getByRole('heading', { name: 'My presence profile' }).count(), 0);
  await portal.go(`${HOME}/profiles`);
  await page.getByText('There are no client licences').waitFor();
  await portal.inspect('profiles-unlicensed');
}

export async function who_may_use_no_client_is_told_nothing_of_profiles(stage) {
  const { page } = stage;
  const portal = await openLicensed(stage, 'account');
  await page.getByRole('heading', { name: 'My presence profile' }).waitFor();
  await page.getByRole('button', { name: 'Select a profile' }).waitFor();

  // The tenant has licences, this user has no permission.
  portal.mock.profiles.own = { is_fixed: true };
  await portal.open('account');

  await page.getByRole('heading', { name: 'Password' }).waitFor();
  assert.ok(
    portal.mock.requests.some(({ path }) => path.endsWith('/profile')),
    'it was asked for',
  );
  assert.equal(await page.getByRole('heading', { name: 'My presence profile' }).count(), 0);
  assert.equal(await page.getByRole('button', { name: 'Select a profile' }).count(), 0);
  assert.equal(await page.getByRole('button', { name: 'Customise calls' }).count(), 0);
  assert.equal(await page.getByText('Calls follow').count(), 0);
}

export async function a_profile_is_made_changed_and_removed(stage) {
  const { page } = stage;
  const portal = await openLicensed(stage, `${HOME}/profiles`);
  portal.mock.profiles.add(
    'presence_profiles',
    profileOf('01M00000000000000000000P99', {
      ...kept('01M00000000000000000000P99'),
      name: LONG,
      status: 'unavailable',
    }),
  );
  await page.getByText('Working Remotely').first().waitFor();
  await portal.go(`${HOME}/profiles`);
  await page.getByText(LONG).first().waitFor();
  await portal.inspect('profiles');
  await page.getByRole('button', { name: 'Add profile' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Trade fair');
  await dialog.getByLabel('Name in German').fill('Messe');
  await dialog.getByLabel('Shows').selectOption('do_not_disturb');
  await dialog.getByLabel('Forward all calls to').fill('nobody');
  await dialog.getByRole('button', { name: 'Add profile' }).click();
  await dialog.getByText('An extension such as 204').waitFor();
  await portal.inspect('profile-new-refused', { isOverlay: true });
  await dialog.getByLabel('Forward all calls to').fill('204');
  await dialog.getByLabel('What rings, one after the other').fill('Desk phone, 20');
  await dialog.getByRole('button', { name: 'Add profile' }).click();
  await portal.told('Trade fair was saved.');
  assert.deepEqual(last(portal, 'POST').body, {
    name: 'Trade fair',
    status: 'unavailable',
    absence: 'do_not_disturb',
    activity: null,
    labels: { de: 'Messe' },
    calls: {
      do_not_disturb: null,
      forwarding: { kind: 'to', target: '204' },
      rings: [{ kind: 'device', name: 'Desk phone', seconds: 20 }],
    },
  });
}

export async function what_clients_may_do_is_set(stage) {
  const { page } = stage;
  const portal = await openLicensed(stage, `${HOME}/profiles`);
  await page.getByRole('tab', { name: 'Client profiles' }).click();
  await page.getByText('Select presence', { exact: false }).first().waitFor();
  await portal.inspect('client-profiles');
  await page.getByRole('button', { name: 'Add client profile' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Readers');
  await dialog.getByLabel('Select presence').uncheck();
  await portal.inspect('client-profile-new', { isOverlay: true });
  await dialog.getByRole('button', { name: 'Add client profile' }).click();
  await portal.told('Readers was saved.');
  assert.equal(last(portal, 'POST').body.may_select_presence, false);
  assert.equal(last(portal, 'POST').body.may_override_profiles, true);
}

export async function ones_own_profile_is_selected_with_a_message(stage) {
  const { page } = stage;
  const portal = await openLicensed(stage, 'account');
  await page.getByRole('heading', { name: 'My presence profile' }).waitFor();
  await page.getByRole('button', { name: 'Select a profile' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Profile').selectOption('lunch');
  await dialog.getByLabel('Status message').fill('until 2 pm');
  await portal.inspect('own-profile-select', { isOverlay: true });
  await dialog.getByRole('button', { name: 'Select', exact: true }).click();
  await portal.told('You are in the profile Lunch.');
  assert.deepEqual(last(portal, 'PUT').body, {
    profile: 'lunch',
    message: 'until 2 pm',
    message_expires_at: null,
  });
  await page.getByText('Lunch – until 2 pm').waitFor();
  await portal.inspect('own-profile');
  // What somebody else selects is seen without being asked for.
  portal.mock.profiles.own = { is_fixed: false, profile: 'on_the_road' };
  await page.getByText('On the Road').waitFor();
}

export async function calls_are_customised_and_say_when_they_do_not_follow(stage) {
  const { page } = stage;
  const portal = await openLicensed(stage, 'account');
  portal.mock.profiles.own = { is_fixed: false, mode: 'active', profile: 'lunch' };
  portal.mock.profiles.calls = {
    state: 'not_applied',
    problem: 'forwards_to_itself',
    attempts: 3,
    next_try_at: new Date(Date.now() + 4000).toISOString(),
  };
  await page.getByText('Your calls do not follow the profile.').waitFor();
  await portal.inspect('own-profile-not-applied');
  portal.mock.profiles.calls = {};
  await page.getByText('Calls follow Lunch').waitFor();
  await page.getByRole('button', { name: 'Customise calls' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Do not disturb').selectOption('off');
  await dialog.getByLabel('What rings, one after the other').fill('Desk phone, 20\n204, 30');
  await portal.inspect('own-profile-override', { isOverlay: true });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await portal.told('Calls in Lunch were customised.');
  const put = last(portal, 'PUT');
  assert.match(put.path, /profile_overrides\/lunch$/);
  assert.deepEqual(put.body, {
    do_not_disturb: false,
    forwarding: null,
    rings: [
      { kind: 'device', name: 'Desk phone', seconds: 20 },
      { kind: 'number', target: '204', seconds: 30 },
    ],
  });
}
