/** The portal's users, their roles and passwords, and one's own account. */
import assert from 'node:assert/strict';
import { furnish } from '../mock-admin.mjs';
import { TENANT } from '../mock-company.mjs';
import { openPortal } from '../portal-stage.mjs';

async function openAs(stage, as, path, options = {}) {
  const portal = await openPortal(stage, { path: null, as, ...options });
  furnish(portal.mock.company, TENANT);
  await portal.go(path);
  return portal;
}

export async function users_are_listed_with_their_roles(stage) {
  const { page } = stage;
  const portal = await openAs(stage, 'admin', `t/${TENANT}/users`);
  await page.getByText('Site administrator, Supervisor').waitFor();
  await portal.inspect('users');
}

export async function users_are_found_by_what_they_have_a_role_on(stage) {
  const { page } = stage;
  const portal = await openAs(stage, 'admin', `t/${TENANT}/users`);
  const filter = page.getByLabel('Role on');
  const row = (name) => page.getByRole('row').filter({ hasText: name });
  await row('Tenant administrator').waitFor();
  await filter.selectOption('Group');
  await row('Tenant administrator').waitFor({ state: 'detached' });
  await row('Site administrator, Supervisor').waitFor();
  assert.ok(page.url().endsWith('/users?on=group'), page.url());
  await portal.inspect('users-on-group');
  // The address keeps it.
  await page.reload();
  await row('Site administrator, Supervisor').waitFor();
  assert.equal(await filter.inputValue(), 'group');
  await filter.selectOption('Publication');
  await page.getByText('No entry matches the filters.').first().waitFor();
  await filter.selectOption('anything, or none');
  await row('Tenant administrator').waitFor();
  assert.ok(page.url().endsWith('/users'), page.url());
}

export async function the_filter_by_role_speaks_german(stage) {
  const { page } = stage;
  const portal = await openAs(stage, 'admin', `t/${TENANT}/users?on=site`, { language: 'de' });
  await page.getByRole('row').filter({ hasText: 'maximiliane' }).waitFor();
  assert.equal(await page.getByLabel('Rolle auf').inputValue(), 'site');
  await portal.inspect('users-on-site-de');
}

export async function the_wizard_makes_a_user_with_a_role_and_a_safe_password(stage) {
  const { page } = stage;
  const portal = await openAs(stage, 'admin', `t/${TENANT}/users/new`);
  await page.getByLabel('User name').fill('z');
  await page.getByRole('textbox', { name: 'Email' }).fill('not an address');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('At least 2 characters.').waitFor();
  await page.getByLabel('User name').fill('zoe');
  await page.getByRole('textbox', { name: 'Email' }).fill('');
  await page.getByRole('combobox', { name: 'Linked contact' }).pressSequentially('chloe');
  await page
    .getByRole('option', { name: /^Chloë Müller/ })
    .first()
    .click();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('No roles: this user may sign in').waitFor();
  const roles = await page.getByLabel('Role', { exact: true }).locator('option').allTextContents();
  assert.deepEqual(roles.includes('Tenant administrator'), false);
  assert.equal(roles[0], 'Site administrator');
  await page.getByLabel('Where', { exact: true }).selectOption('site');
  await page.getByRole('button', { name: 'Give' }).click();
  await page.getByText('Choose on which.').waitFor();
  await portal.inspect('user-new-roles');
  await page.getByLabel('On which').selectOption('Berlin');
  await page.getByRole('button', { name: 'Give' }).click();
  await page.getByText('Site: Berlin').waitFor();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('button', { name: 'Generate a safe password' }).click();
  const password = await page.locator('code').textContent();
  assert.match(password, /^(?=.*[A-Z])(?=.*[a-z])(?=.*\d)(?=.*[^\w])?.{20}$/);
  await portal.inspect('user-new-password', { isOverlay: true });
  await page.getByRole('button', { name: 'Set password' }).click();
  await portal.told('The password was set.');
  const sent = portal.mock.requests.findLast(({ method }) => method === 'PUT');
  assert.deepEqual(sent.body, { password });
  await page.getByRole('button', { name: 'Finish' }).click();
  await portal.told('zoe was added.');
  const kept = portal.mock.company[`/tenants/${TENANT}/users`].at(-1);
  assert.ok(kept.contact.startsWith('01MC'));
}

export async function who_may_use_clients_is_asked_where_there_are_licences(stage) {
  const { page } = stage;
  const portal = await openAs(stage, 'admin', `t/${TENANT}/users`);
  await page.getByRole('link', { name: /^maximiliane/ }).click();
  await page.getByLabel('User name').waitFor();
  assert.equal(await page.getByLabel('May use clients').count(), 0);
  portal.mock.company['/tenants'].find(({ id }) => id === TENANT).client_licences = 5;
  await portal.go(`t/${TENANT}/users`);
  await page.getByRole('link', { name: /^maximiliane/ }).click();
  await page.getByLabel('May use clients').check();
  await portal.inspect('user-client');
  await page.getByRole('button', { name: 'Save' }).click();
  await portal.told('was saved.');
  const sent = portal.mock.requests.findLast(({ method }) => method === 'PATCH');
  assert.deepEqual(sent.body, { is_client_allowed: true });
}

export async function a_role_is_taken_away_and_a_user_deleted(stage) {
  const { page } = stage;
  const portal = await openAs(stage, 'admin', `t/${TENANT}/users`);
  await page.getByRole('link', { name: /^maximiliane/ }).click();
  await page.getByRole('tab', { name: 'Roles' }).click();
  await page.getByText('Group: Support').waitFor();
  await portal.inspect('user-roles');
  await page.getByRole('button', { name: 'Take the role Supervisor away' }).click();
  await page.getByText('loses the role Supervisor (Group: Support) at once.').waitFor();
  await page.getByRole('button', { name: 'Take away' }).click();
  await portal.told('The role was taken away.');
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('1 role of this user ends.').waitFor();
  await portal.inspect('user-remove');
  await page.getByRole('button', { name: 'Delete user' }).click();
  await portal.told('was deleted.');
}

export async function who_is_not_below_can_be_looked_at(stage) {
  const { page } = stage;
  const portal = await openAs(stage, 'admin', `t/${TENANT}/users`);
  await page.getByRole('link', { name: 'admin' }).click();
  await page.getByText('What you are called you change yourself').waitFor();
  assert.ok(await page.getByLabel('User name').isDisabled());
  await portal.inspect('user-fixed');
  await page.getByLabel('First name').fill('Ada');
  await page.getByRole('button', { name: 'Save' }).click();
  await portal.told('Ada was saved.');
}

export async function ones_own_password_and_tokens(stage) {
  const { page } = stage;
  const portal = await openAs(stage, 'admin', 'account');
  await page.getByText('Wallboard in the lobby').waitFor();
  await portal.inspect('account');
  await page.getByLabel('Present password').fill('wrong password');
  await page.locator('[data-field=password] input').fill('wrong password');
  await page.getByLabel('New password again').fill('another password');
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.getByText('The new password must differ from the present one.').waitFor();
  await page.getByText('The two entries differ.').waitFor();
  await portal.inspect('account-refused');
  await page.locator('[data-field=password] input').fill('a wholly new one');
  await page.getByLabel('New password again').fill('a wholly new one');
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.getByText('This is not your present password.').waitFor();
  await page.getByLabel('Present password').fill(portal.mock.password);
  await page.getByRole('button', { name: 'Set password' }).click();
  await portal.told('Your password was changed.');
  await page.getByLabel('What it is for').fill('Nightly export');
  await page.getByRole('button', { name: 'Make token' }).click();
  await page.getByText('sbt_3vN8xQ2mT7pL5kR9wY4cZ6hB1dF0').waitFor();
  await portal.inspect('account-token');
  await page.getByRole('button', { name: 'Revoke the token Wallboard in the lobby' }).click();
  await page.getByRole('button', { name: 'Revoke', exact: true }).click();
  await portal.told('The token “Wallboard in the lobby” was revoked.');
}

export async function the_platform_looks_after_its_own_users(stage) {
  const { page } = stage;
  await openAs(stage, 'root', 'users');
  await page.getByRole('heading', { level: 1, name: 'Platform users' }).waitFor();
  await page.getByRole('button', { name: 'Add user' }).click();
  await page.getByLabel('User name').fill('second');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByLabel('Role', { exact: true }).selectOption('reseller');
  await page.getByLabel('On which').selectOption('Northern Networks');
  await page.getByRole('button', { name: 'Give' }).click();
  await page.getByText('Reseller: Northern Networks').waitFor();
}

export async function accounts_speak_german(stage) {
  const { page } = stage;
  const portal = await openAs(stage, 'admin', 'account', { language: 'de' });
  await page.getByRole('heading', { level: 1, name: 'Mein Konto' }).waitFor();
  await page.getByText('Wallboard in the lobby').waitFor();
  await portal.inspect('account-de');
  await portal.go(`t/${TENANT}/users`);
  await page.getByRole('grid', { name: 'Benutzer' }).waitFor();
}
