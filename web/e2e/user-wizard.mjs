/** The wizard that makes a user, worked through for whoever administers a whole tenant. */

const button = (page, name) => page.getByRole('button', { name, exact: true });

/** Makes `name` with this password an administrator of the tenant; the wizard is open. */
export async function makeAdministrator({ page, told }, name, password) {
  await page.getByLabel('User name').fill(name);
  await button(page, 'Next').click();
  await page.getByLabel('Role', { exact: true }).selectOption('tenant');
  await button(page, 'Give').click();
  await page.getByText(/· Whole tenant/).waitFor();
  await button(page, 'Next').click();
  await page.locator('[data-field=password] input').fill(password);
  await button(page, 'Set password').click();
  await told('The password was set.');
  await button(page, 'Finish').click();
}
