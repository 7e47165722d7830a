/** Sessions, being idle, and second factors in the portal. */
import assert from 'node:assert/strict';
import { furnish } from '../mock-admin.mjs';
import { idOf, TENANT } from '../mock-company.mjs';
import { CODE } from '../mock-sign-in.mjs';
import { openPortal } from '../portal-stage.mjs';

const ADMIN = idOf('U', 1);

export async function one_sees_where_one_is_signed_in_and_ends_it(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { path: null });
  await portal.go('account');
  await page.getByText('Edge on Windows').waitFor();
  await page.getByText('This browser').waitFor();
  await portal.inspect('account-sessions');
  await page.getByRole('button', { name: 'Sign out Safari on iPhone' }).click();
  await page.getByText('Whoever works there has to sign in again at once.').waitFor();
  await portal.inspect('account-session-end', { isOverlay: true });
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await portal.told('The session has ended.');
  await page.getByText('Safari on iPhone').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
  await page.getByText('2 sessions end at once.').waitFor();
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await portal.told('The sessions have ended.');
  await page.getByText('Edge on Windows').waitFor({ state: 'detached' });
}

export async function an_administrator_sees_where_a_user_is_signed_in(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { path: null });
  furnish(portal.mock.company, TENANT);
  const users = portal.mock.company[`/tenants/${TENANT}/users`];
  const user = users.find(({ name }) => name.startsWith('maximiliane'));
  user.second_factor_since = '2026-11-20T08:00:00Z';
  await portal.go(`t/${TENANT}/users`);
  await page.getByRole('link', { name: /^maximiliane/ }).click();
  await page.getByRole('tab', { name: 'Signing in' }).click();
  await page.getByText('Edge on Windows').waitFor();
  await portal.inspect('user-sign-in');
  await page.getByRole('button', { name: 'Reset second factor' }).click();
  await page.getByText('All sessions end.').waitFor();
  await page.getByRole('button', { name: 'Reset second factor' }).last().click();
  await portal.told('was reset.');
}

export async function a_second_factor_is_set_up_and_asked_for(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { path: null });
  await portal.go('account');
  await page.getByRole('button', { name: 'Set up' }).click();
  const factor = page.getByRole('region', { name: 'Second factor' });
  await factor.getByLabel('Present password').fill('wrong');
  await factor.getByRole('button', { name: 'Next' }).click();
  await factor.getByText('This is not your present password.').waitFor();
  await factor.getByLabel('Present password').fill(portal.mock.password);
  await factor.getByRole('button', { name: 'Next' }).click();
  await factor.getByRole('img').waitFor();
  await portal.inspect('factor-authenticator');
  await factor.getByLabel('Code').fill('000000');
  await factor.getByRole('button', { name: 'Confirm' }).click();
  await factor.getByText('The code is wrong, or was used before.').waitFor();
  await factor.getByLabel('Code').fill(CODE);
  await factor.getByRole('button', { name: 'Confirm' }).click();
  await factor.getByText('AB3D-EFGH-JKLM-NPQ3').waitFor();
  await portal.inspect('factor-codes');
  await factor.getByRole('button', { name: 'I have kept them' }).click();
  await factor.getByText('10 recovery codes are left.').waitFor();
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await portal.signIn('admin');
  await page.getByText('What your authenticator app shows').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('name')), 'code');
  await portal.inspect('sign-in-code');
  await page.getByLabel('Code').fill('000000');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('The code is wrong, or was used before.').waitFor();
  await page.getByLabel('Code').fill(CODE);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await portal.arrived();
}

export async function whoever_needs_a_second_factor_sets_it_up_first(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { as: null });
  portal.mock.signIn.isRequired = true;
  await portal.signIn('admin');
  await page.getByRole('heading', { name: 'Set up a second factor' }).waitFor();
  await portal.inspect('factor-first');
  await page.getByLabel('Present password').fill(portal.mock.password);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByLabel('Code').fill(CODE);
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await portal.arrived();
}

export async function a_link_asks_for_the_code_as_well(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { as: null });
  portal.mock.signIn.protect(ADMIN);
  await portal.go('?fresh#link=good-link');
  await page.getByLabel('Code').fill(CODE);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await portal.arrived();
}

export async function tabs_agree_on_when_nobody_is_there(stage) {
  const { page } = stage;
  await page.clock.install();
  const portal = await openPortal(stage, { path: null });
  await portal.go('account');
  await page.getByText('This browser').waitFor();
  await page.getByLabel('First name').fill('Unsaved');
  const { signIn } = portal.mock;
  // The gateway's time is not the page's: it says what is left.
  signIn.idleSeconds = 45;
  await page.clock.runFor('31:00');
  await page.getByRole('heading', { name: 'Are you still there?' }).waitFor();
  await portal.inspect('idle', { isOverlay: true });
  await page.getByRole('button', { name: 'Stay signed in' }).click();
  signIn.idleSeconds = 1800;
  await page.clock.runFor('00:06');
  await page.getByRole('heading', { name: 'Are you still there?' }).waitFor({ state: 'detached' });
  portal.mock.endSessions();
  await page.clock.runFor('31:00');
  await page.getByRole('heading', { name: 'Your session has ended' }).waitFor();
  await page.locator('[role$=dialog] input[type=password]').fill(portal.mock.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page
    .getByRole('heading', { name: 'Your session has ended' })
    .waitFor({ state: 'detached' });
  assert.equal(await page.getByLabel('First name').inputValue(), 'Unsaved');
}

export async function an_identity_provider_is_offered_once_the_tenant_is_known(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { as: null });
  await page.getByLabel('Tenant').fill('Brightmoor Instruments');
  await page.locator('input[name=name]').focus();
  await page.getByRole('button', { name: 'Sign in with Brightmoor account' }).waitFor();
  await portal.inspect('sign-in-provider');
  await portal.go('?tenant=Brightmoor+Instruments');
  await page.getByRole('button', { name: 'Sign in with Brightmoor account' }).click();
  await page.getByText('The identity provider does not answer.').waitFor();
  const sent = portal.mock.requests.findLast(({ method }) => method === 'POST');
  assert.deepEqual(sent.body, { to: '/' });
  await portal.inspect('sign-in-failed');
}

export async function identity_providers_are_kept(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { path: null });
  await portal.go(`t/${TENANT}/identity-providers`);
  await page.getByText('https://login.brightmoor.example/realms/staff').waitFor();
  await portal.inspect('identity-providers');
  await page.getByRole('button', { name: 'Add identity provider' }).click();
  await page.locator('[data-field=name] input').fill('Second');
  await page.getByLabel('Issuer').fill('https://id.example.com');
  await page.getByLabel('Client ID').fill('switchboard');
  await page.getByRole('button', { name: 'Add identity provider' }).click();
  await portal.told('Second was added.');
  await page.getByText('https://switchboard.example/api/v1/session/callback').waitFor();
  await page.getByLabel('New secret').fill('s3cret');
  await page.getByRole('button', { name: 'Keep secret' }).click();
  await portal.told('The secret is kept.');
  await page.getByText('A secret is kept. Nobody sees it again.').waitFor();
  await portal.inspect('identity-provider');
  await page.getByLabel('Link users at their first sign-in').check();
  await page.getByRole('button', { name: 'Save' }).click();
  await portal.told('Second was saved.');
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Delete identity provider' }).click();
  await portal.told('Second was deleted.');
}

export async function signing_in_speaks_german(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { path: null, language: 'de' });
  await portal.go('account');
  await page.getByText('Edge unter Windows').waitFor();
  await page.getByRole('button', { name: 'Einrichten' }).click();
  await portal.inspect('account-german');
}
