/** What is not behind the sign-in, or no page of its own, in German: all else is walked in both languages. */
import { openPortal } from '../portal-stage.mjs';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC',
  'base64',
);

export async function signing_in_is_sound_in_german(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { as: null, language: 'de' });
  await page.getByRole('button', { name: 'Anmelden' }).waitFor();
  await portal.inspect('sign-in-de');
  await portal.signIn('admin', 'wrong');
  await page.getByRole('alert').waitFor();
  await portal.inspect('sign-in-wrong-de');
  await page.goto('about:blank');
  await portal.go('#link=old-link');
  await page.getByText('Dieser Link wurde').waitFor();
  await portal.inspect('link-refused-de');
}

export async function what_is_missing_or_refused_is_sound_in_german(stage) {
  const { page } = stage;
  stage.allow(/Problem|Unreachable/);
  const portal = await openPortal(stage, { path: null, language: 'de' });
  await portal.go('nowhere');
  await page.getByRole('main').getByRole('heading', { level: 1 }).waitFor();
  await portal.inspect('missing-de');
  portal.mock.refuse(/GET \/tenants\/[^/]+$/, 403, 'Your rights do not include this.');
  await portal.go('t/01M000000000000000000TENA1');
  await page.getByRole('heading', { name: /Rechte/ }).waitFor();
  await portal.inspect('forbidden-de');
}

export async function the_wizards_pictures_are_sound_in_german(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, {
    language: 'de',
    path: 't/01M000000000000000000TENA1/contacts/new',
  });
  await page.locator('[data-field=display_name] input').fill('Zoë Test');
  await page.getByRole('button', { name: 'Weiter' }).click();
  await page.locator('input[type=file]').waitFor({ state: 'attached' });
  await portal.inspect('contact-avatars-none-de');
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'one.png', mimeType: 'image/png', buffer: PNG });
  await page.getByRole('checkbox').first().waitFor();
  await portal.inspect('contact-avatars-de', { isOverlay: true });
}
