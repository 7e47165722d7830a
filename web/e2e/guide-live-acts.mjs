/** What an administrator does who follows `docs/directory-sync.md`, by the numbers of its sections. */
import assert from 'node:assert/strict';
import { makeAdministrator } from './user-wizard.mjs';

const field = (page, name) => page.getByRole('textbox', { name, exact: true });
const button = (page, name) => page.getByRole('button', { name, exact: true });
const area = (page, name) => page.getByRole('navigation').getByRole('link', { name, exact: true });

/** The tenant stands in the address of its pages. */
const tenantOf = (page) => new URL(page.url()).pathname.match(/\/t\/([^/]+)/)[1];

async function signOut({ page }) {
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.locator('input[name=password]').waitFor();
}

/** 2. A tenant. */
async function the_first_user_makes_a_tenant_and_its_administrator(portal, given) {
  const { page } = portal;
  await page.goto('about:blank');
  await page.goto(`${given.url}/setup#${given.token}`);
  await page.waitForFunction(() => location.hash === '');
  await page.locator('input[name=name]').fill('root');
  await page.locator('input[name=password]').fill(given.password);
  await page.getByRole('button', { name: 'Make the user' }).click();
  await page.getByRole('link', { name: 'Sign in to the portal' }).click();
  await portal.signIn('', 'root', given.password);
  await portal.arrived();
  await area(page, 'Tenants').click();
  await button(page, 'Add tenant').first().click();
  await field(page, 'Name').fill('Contoso');
  await button(page, 'Add tenant').click();
  await portal.told('Contoso was added.');
  await area(page, 'Users').click();
  await button(page, 'Add user').first().click();
  await makeAdministrator(portal, 'ada', given.password);
  await portal.told('ada was added.');
  await signOut(portal);
}

async function the_administrator_signs_in(portal, { password }) {
  await portal.signIn('Contoso', 'ada', password);
  await portal.arrived();
}

/** 3. The source; what the test says last shows that 1.2 was done. */
async function the_source_is_entered_and_its_connection_tested({ page }, given) {
  await area(page, 'Sources').click();
  await button(page, 'Add source').first().click();
  await field(page, 'Name').fill('Head office');
  await field(page, 'Host').fill(given.host);
  await page.getByLabel('Encryption').selectOption({ label: 'LDAPS' });
  await page.getByLabel('Bind DN').fill(given.account);
  await page.getByLabel('Password of the service account').fill(given.secret);
  await field(page, 'Base DN').fill(given.base);
  await field(page, 'Filter').fill('(&(objectCategory=person)(objectClass=user))');
  await page.getByLabel('Trusted certificates (PEM)').fill(given.certificate);
  await button(page, 'Test connection').click();
  await page.getByText(`${given.host} answers on port 636.`).waitFor();
  await page
    .getByText(`At least ${given.people} entries were found.`)
    .or(page.getByText(`${given.people} entries were found.`))
    .first()
    .waitFor();
  await page.getByText('It is Active Directory, which can say what has changed.').waitFor();
}

/** 4. The attributes. */
async function an_entry_is_tried_out({ page }, given) {
  await button(page, 'Next').click();
  const sip = field(page, 'SIP address');
  assert.equal(await sip.inputValue(), 'msRTCSIP-PrimaryUserAddress, proxyAddresses');
  await page.getByLabel('Address or name of the entry').fill(`${given.somebody}@contoso.test`);
  await button(page, 'Show entry').click();
  await page
    .getByRole('listitem')
    .filter({ hasText: new RegExp(`^Display name: ${given.somebody}`) })
    .waitFor();
}

/** 5. When it runs: what the guide says is there already. */
async function the_schedule_is_what_the_guide_says(portal) {
  const { page } = portal;
  await button(page, 'Next').click();
  await page.getByText('Every day at 01:30.').waitFor();
  const value = (label) => page.getByLabel(label, { exact: true }).inputValue();
  assert.equal(await value('Approval above (percent)'), '10');
  assert.equal(await value('Approval above (percent of changes)'), '20');
  await page.getByLabel('Minutes between looks at changes').fill('5');
  await button(page, 'Add source').click();
  await portal.told('Head office was added.');
}

async function synchronize(page) {
  await area(page, 'Runs').click();
  await button(page, 'Synchronize').click();
  await page.getByLabel('Source').selectOption({ label: 'Head office' });
  await button(page, 'Start').click();
}

/** 6. The first run. */
async function the_first_run_is_watched({ page }, given) {
  await synchronize(page);
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Everything was applied.').waitFor();
  assert.match(await dialog.textContent(), new RegExp(`Created${given.people - 1}(?!\\d)`));
  await button(dialog, 'Show the run').click();
  await page.getByRole('heading', { level: 1, name: 'Run of Head office' }).waitFor();
  await page.getByLabel('Show').selectOption('set_aside');
  // Two people with one mail address.
  await page.getByText(`mail: “${given.shared}”.`, { exact: false }).first().waitFor();
  await area(page, 'Sources').click();
  await page.getByRole('link', { name: /^Head office/ }).click();
  await page.getByRole('tab', { name: 'Set aside' }).click();
  await page.getByText(given.shared, { exact: false }).first().waitFor();
}

/** 6, on the command line: the token for it. */
async function a_token_is_made({ page }) {
  const tenant = tenantOf(page);
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.getByRole('menuitem', { name: 'My account' }).click();
  await page.getByLabel('What it is for').fill('Command line');
  await page.getByLabel('Role', { exact: true }).selectOption({ label: 'Tenant administrator' });
  await button(page, 'Make token').click();
  const token = await page.getByText(/^sbt_\S+$/).textContent();
  return { tenant, token };
}

/** Adds an alert, says that it be tested, and waits until that has arrived. */
async function addAlert({ page, told }, name, fill) {
  await area(page, 'Alerts').click();
  await button(page, 'Add alert').first().click();
  const dialog = page.getByRole('dialog');
  await field(dialog, 'Name').fill(name);
  await fill(dialog);
  await button(dialog, 'Add alert').click();
  await told(`${name} was saved.`);
  await button(page, `Actions for ${name}`).click();
  await page.getByRole('menuitem', { name: 'Send a test' }).click();
  await button(page.getByRole('alertdialog'), 'Send a test').click();
  await told('A test is on its way.');
  await row(page, name)
    .getByText(/^Arrived /)
    .waitFor();
}

const row = (page, name) => page.getByRole('row').filter({ hasText: name });

/** 7. Who is told: mail addresses, and a web server. */
async function somebody_is_told(portal, given) {
  await addAlert(portal, 'Night watch', async (dialog) => {
    await field(dialog, 'Mail addresses').fill(given.told);
  });
  await addAlert(portal, 'Desk', async (dialog) => {
    await dialog.getByLabel('How').selectOption('webhook');
    await field(dialog, 'Address').fill(given.hook);
    await dialog.getByLabel('Secret').fill(given.hookSecret);
  });
}

/** 7: the list says when a message last arrived. */
async function what_was_told_is_said({ page }) {
  await area(page, 'Alerts').click();
  for (const name of ['Night watch', 'Desk']) {
    await row(page, name)
      .getByText(/^Arrived /)
      .waitFor();
  }
}

/** 8. Many leavers wait, and a plan that is cancelled changes nobody. */
async function a_plan_that_waits_is_looked_at_and_thrown_away(portal, given) {
  const { page, told } = portal;
  await synchronize(page);
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('heading', { name: 'Waits for approval' }).waitFor();
  await button(dialog, 'Show the run').click();
  await page.getByText(`The run would disable ${given.leavers} of`, { exact: false }).waitFor();
  await page.getByLabel('Show').selectOption('update');
  await page.getByRole('row', { name: new RegExp(given.somebody) }).waitFor();
  assert.equal(await page.getByRole('row', { name: new RegExp(given.leaver) }).count(), 0);
  await page.getByRole('button', { name: new RegExp(`^Actions for .*${given.somebody}`) }).click();
  await page.getByRole('menuitem', { name: 'Details' }).click();
  await page.getByRole('row', { name: /Job title.*Head of research/ }).waitFor();
  await button(page, 'Close').click();
  await page.getByLabel('Show').selectOption('disable');
  await page.getByRole('row', { name: new RegExp(given.leaver) }).waitFor();
  await button(page, 'Cancel run').click();
  await page.getByText('The plan is thrown away, and no contact is changed.').waitFor();
  await button(page, 'Cancel run').last().click();
  await told('The run is being cancelled.');
  await page.getByText('It was cancelled.').waitFor();
  await area(page, 'Contacts').click();
  await portal.search(given.leaver);
  await page.getByRole('link', { name: given.leaver }).waitFor();
}

async function a_plan_is_approved({ page, told }, given) {
  await synchronize(page);
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('heading', { name: 'Waits for approval' }).waitFor();
  await button(dialog, 'Show the run').click();
  await button(page, 'Approve').click();
  await page.getByText(`${given.leavers} disabled`, { exact: false }).waitFor();
  await button(page, 'Apply the plan').click();
  await told('The run was approved.');
  await page.getByText('Everything was applied.').waitFor();
}

async function findContact({ page, search }, name) {
  await area(page, 'Contacts').click();
  await search(name);
  await page.getByRole('link', { name }).click();
  await page.getByLabel('Job title', { exact: true }).waitFor();
}

/** 6: pin a field to keep what was entered. */
async function a_field_says_when_it_is_overwritten_and_is_pinned(portal, given) {
  const { page, told } = portal;
  await findContact(portal, given.somebody);
  await page
    .getByText(/^From Head office.*: overwritten at the next run \(.*\)\.$/)
    .first()
    .waitFor();
  assert.equal(
    await page.getByLabel('Job title', { exact: true }).inputValue(),
    'Head of research',
  );
  await page.getByLabel('Job title', { exact: true }).fill('Director');
  await button(page, 'Save').click();
  await told(/was saved\.$/);
  await button(page, 'Pin Job title').click();
  await told('Job title is pinned.');
}

async function a_pinned_field_outlives_a_run_and_follows_again(portal, given) {
  const { page, told } = portal;
  await synchronize(page);
  await page.getByRole('dialog').getByText('Everything was applied.').waitFor();
  await button(page, 'Close').click();
  await findContact(portal, given.somebody);
  assert.equal(await page.getByLabel('Job title', { exact: true }).inputValue(), 'Director');
  await button(page, 'Unpin Job title').click();
  await told('Job title follows its source again.');
  await page.waitForFunction(
    () => document.querySelector('[data-field=job_title] input').value === 'Head of research',
  );
}

/** 8: everything can be undone. */
async function a_run_is_undone(portal, given) {
  const { page, told } = portal;
  await area(page, 'Runs').click();
  await page
    .getByRole('row', { name: new RegExp(`${given.leavers} disabled`) })
    .filter({ hasText: 'Succeeded' })
    .getByRole('link')
    .first()
    .click();
  await button(page, 'Undo').click();
  await page.getByRole('heading', { name: 'Undo this run?' }).waitFor();
  await button(page, 'Make the plan').click();
  await page.getByText('The plan takes back', { exact: false }).waitFor();
  await button(page, 'Approve').click();
  await button(page, 'Apply the plan').click();
  await told('The run was approved.');
  await page.getByText('Everything was applied.').waitFor();
  await findContact(portal, given.leaver);
}

/** 5: the source runs by itself. It is made to in the next minute, which is when the minute is the one before. */
async function a_run_starts_by_itself({ page, told }) {
  await area(page, 'Sources').click();
  await page.getByRole('link', { name: /^Head office/ }).click();
  const minute = new Date(Date.now() + 60_000).getUTCMinutes();
  await field(page, 'Schedule').fill(`${minute} * * * *`);
  await button(page, 'Save').click();
  await told('Head office was saved.');
  await area(page, 'Runs').click();
  const begun = page.getByRole('row').filter({ hasText: 'Schedule' });
  await begun.first().waitFor({ timeout: 90_000 });
  await begun.first().getByText('Succeeded').waitFor();
}

/** Each shows what its name says. */
export const ACTS = {
  the_first_user_makes_a_tenant_and_its_administrator,
  the_administrator_signs_in,
  the_source_is_entered_and_its_connection_tested,
  an_entry_is_tried_out,
  the_schedule_is_what_the_guide_says,
  the_first_run_is_watched,
  a_token_is_made,
  somebody_is_told,
  what_was_told_is_said,
  a_plan_that_waits_is_looked_at_and_thrown_away,
  a_plan_is_approved,
  a_field_says_when_it_is_overwritten_and_is_pinned,
  a_pinned_field_outlives_a_run_and_follows_again,
  a_run_is_undone,
  a_run_starts_by_itself,
};
