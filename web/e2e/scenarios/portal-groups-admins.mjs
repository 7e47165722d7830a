/** Who administers a group: shown, given and taken on its page. */
import assert from 'node:assert/strict';
import { furnish } from '../mock-admin.mjs';
import { idOf, TENANT } from '../mock-company.mjs';
import { openPortal } from '../portal-stage.mjs';

const GRANTS = `/tenants/${TENANT}/grants`;

/** Opens the administrators of a group, as far as who works may see them. */
async function openAdmins(stage, name, options = {}) {
  const { page } = stage;
  const portal = await openPortal(stage, options);
  furnish(portal.mock.company, TENANT);
  const groups = portal.mock.company[`/tenants/${TENANT}/groups`];
  const group = groups.find((one) => one.name === name);
  await portal.go(`t/${TENANT}/groups/${group.id}`);
  const tab = options.language === 'de' ? 'Administration' : 'Administrators';
  await page.getByRole('tab', { name: tab }).click();
  await page.getByRole('heading', { level: 2, name: tab }).waitFor();
  return { portal, group };
}

const lines = (page) => page.getByRole('main').getByRole('listitem').filter({ hasText: ' · ' });

export async function who_administers_a_group_is_shown_with_where_from(stage) {
  const { page } = stage;
  const { portal } = await openAdmins(stage, 'Floor 1');
  // The administrator of the site above, and of the whole tenant; no supervisor elsewhere.
  await lines(page)
    .filter({ hasText: /Maximiliane.*Site administrator · Site: Berlin/ })
    .waitFor();
  await lines(page)
    .filter({ hasText: /admin.*Tenant administrator · Whole tenant/ })
    .waitFor();
  assert.equal(await lines(page).count(), 2);
  assert.equal(await page.getByRole('button', { name: /^Take the role/ }).count(), 0);
  await portal.inspect('group-admins');
  await lines(page).first().getByRole('link').click();
  await page.getByRole('heading', { level: 1, name: /Maximiliane/ }).waitFor();
}

export async function a_role_on_a_group_is_given_and_taken_away(stage) {
  const { page } = stage;
  const { portal, group } = await openAdmins(stage, 'Support');
  await page.getByRole('heading', { name: 'Other roles on this group' }).waitFor();
  await lines(page).filter({ hasText: 'Supervisor · On this group' }).waitFor();
  await page.getByRole('button', { name: 'Give a role' }).click();
  const dialog = page.getByRole('dialog', { name: 'Give a role on Support' });
  const roles = await dialog.getByLabel('Role').locator('option').allTextContents();
  // Neither more than one's own, nor what makes no sense on a group.
  assert.deepEqual(roles, [
    'Group administrator',
    'Contact administrator',
    'Supervisor',
    'Agent',
    'Employee',
  ]);
  await dialog.getByText('Nobody is chosen yet.').waitFor();
  const give = dialog.getByRole('button', { name: 'Give', exact: true });
  assert.equal(await give.getAttribute('aria-disabled'), 'true');
  const search = dialog.getByRole('combobox', { name: 'Search a user' });
  await search.fill('maximiliane');
  await page.getByRole('option', { name: /^Maximiliane/ }).waitFor();
  await search.press('ArrowDown');
  await search.press('Enter');
  await dialog.getByText(/^User: Maximiliane/).waitFor();
  await portal.inspect('group-admins-give', { isOverlay: true });
  await give.click();
  await portal.told(/has the role Group administrator now/);
  const given = portal.mock.requests.findLast(({ method }) => method === 'POST');
  assert.deepEqual(given.body, {
    user: idOf('U', 3),
    role: 'group',
    scope: { kind: 'group', id: group.id },
  });
  const line = lines(page).filter({ hasText: 'Group administrator · On this group' });
  await line.getByRole('button', { name: /^Take the role Group administrator from/ }).click();
  await page.getByText(/loses the role Group administrator \(Group: Support\) at once/).waitFor();
  await page.getByRole('button', { name: 'Take away' }).click();
  await portal.told('The role was taken away.');
  await line.waitFor({ state: 'detached' });
  assert.ok(!portal.mock.company[GRANTS].some(({ role }) => role === 'group'));
}

export async function nobody_is_given_what_they_have(stage) {
  const { page } = stage;
  await openAdmins(stage, 'Support');
  await page.getByRole('button', { name: 'Give a role' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Role').selectOption('Supervisor');
  await dialog.getByRole('combobox', { name: 'Search a user' }).fill('maximiliane');
  const option = page.getByRole('option', { name: /Has this role here/ });
  await option.waitFor();
  assert.equal(await option.getAttribute('aria-disabled'), 'true');
}

export async function a_group_of_the_directory_carries_no_role(stage) {
  const { page } = stage;
  const { portal } = await openAdmins(stage, 'Distribution lists');
  await page.getByText('No role can be given on a group that mirrors').waitFor();
  await lines(page).filter({ hasText: 'Whole tenant' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Give a role' }).count(), 0);
  await portal.inspect('group-admins-mirrored');
}

export async function a_refusal_is_said_and_administrators_speak_german(stage) {
  const { page } = stage;
  const { portal } = await openAdmins(stage, 'Support', { language: 'de' });
  await portal.inspect('group-admins-de');
  portal.mock.refuse(/POST .*grants$/, 403, 'No.');
  await page.getByRole('button', { name: 'Rolle geben' }).click();
  const search = page.getByRole('combobox', { name: 'Einen Benutzer suchen' });
  await search.fill('admin');
  await page.getByRole('listbox').getByRole('option', { name: 'admin', exact: true }).click();
  await page.getByRole('button', { name: 'Geben', exact: true }).click();
  await page.getByRole('alert').getByText('Ihre Rechte').waitFor();
}

export async function who_may_not_see_users_sees_no_administrators(stage) {
  const { page } = stage;
  const portal = await openPortal(stage);
  const role = { role: 'group', scope: { kind: 'group', id: idOf('G', 1) } };
  await page.route('**/api/v1/session', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), grants: [role] } });
  });
  await portal.go(`t/${TENANT}/groups/${idOf('G', 1)}`);
  await page.getByRole('heading', { level: 1, name: 'Support' }).waitFor();
  await page.getByRole('grid', { name: 'Members' }).waitFor();
  assert.equal(await page.getByRole('tab').count(), 0);
}

export async function says_that_what_is_above_a_group_cannot_be_read(stage) {
  const { page } = stage;
  let isRefused = true;
  await page.route(/\/groups\?limit=500/, (route) =>
    isRefused ? route.fulfill({ status: 422, body: '{}' }) : route.continue(),
  );
  await openAdmins(stage, 'Floor 1');
  const part = page.getByRole('region', { name: 'Administrators' });
  await part.getByRole('alert').waitFor();
  assert.equal(await part.getByRole('progressbar').count(), 0);
  // Who has a role on what is above is not known yet, so nobody is named.
  assert.equal(await lines(page).count(), 0);
  isRefused = false;
  await part.getByRole('button', { name: 'Try again' }).click();
  await lines(page)
    .filter({ hasText: /Maximiliane.*Site administrator · Site: Berlin/ })
    .waitFor();
  await part.getByRole('alert').waitFor({ state: 'detached' });
}
