/** The portal's audit trail. */
import { furnish } from '../mock-admin.mjs';
import { TENANT } from '../mock-company.mjs';
import { openPortal } from '../portal-stage.mjs';

export async function who_did_what_is_shown_with_values_before_and_after(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { path: null });
  furnish(portal.mock.company, TENANT);
  await portal.go(`t/${TENANT}/audit`);
  await page
    .getByRole('row', { name: /User admin.*Changed: Contact.*Job title, Office/ })
    .waitFor();
  await portal.inspect('audit');
  await page.getByRole('button', { name: /^Actions for Changed: Contact/ }).click();
  await page.getByRole('menuitem', { name: 'Details' }).click();
  await page.getByRole('row', { name: 'Job title Support engineer Head of support' }).waitFor();
  await portal.inspect('audit-entry');
}

export async function fields_are_called_as_in_their_forms_and_in_german(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { path: null, language: 'de' });
  furnish(portal.mock.company, TENANT);
  await portal.go(`t/${TENANT}/audit`);
  await page.getByRole('row', { name: /Geändert: Kontakt.*Position, Büro/ }).waitFor();
  await portal.inspect('audit-de');
}
