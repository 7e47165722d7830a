/** The portal's audit trail. */
import { idOf, TENANT } from '../mock-company.mjs';
import { openPortal } from '../portal-stage.mjs';

const AT = '2026-11-21T10:00:00Z';

export async function who_did_what_is_shown_with_values_before_and_after(stage) {
  const { page } = stage;
  const portal = await openPortal(stage);
  const entry = { at: AT, request: idOf('Z', 1), object: idOf('C', 1) };
  portal.mock.company[`/tenants/${TENANT}/audit`] = [
    {
      ...entry,
      id: idOf('L', 1),
      actor: { kind: 'user', id: idOf('U', 1) },
      act: 'update',
      kind: 'contact',
      changes: { job_title: ['Support engineer', 'Head of support'], office: [null, 'B 204'] },
    },
    {
      ...entry,
      id: idOf('L', 2),
      actor: { kind: 'system' },
      act: 'rotate',
      kind: 'tenant',
      changes: { sdk_key: ['***', '***'] },
    },
  ];
  await portal.go(`t/${TENANT}/audit`);
  await page
    .getByRole('row', { name: /User admin.*Changed: Contact.*job_title, office/ })
    .waitFor();
  await portal.inspect('audit');
  await page.getByRole('button', { name: /^Actions for Changed: Contact/ }).click();
  await page.getByRole('menuitem', { name: 'Details' }).click();
  await page.getByRole('row', { name: 'job_title Support engineer Head of support' }).waitFor();
  await portal.inspect('audit-entry');
}
