/** The portal's frame: signing in and out, navigation, and what happens when something is wrong. */
import assert from 'node:assert/strict';
import { SIZES } from '../looks.mjs';
import { openPortal } from '../portal-stage.mjs';

export async function signs_in_and_says_what_was_wrong(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { as: null });
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await portal.inspect('sign-in');
  await portal.signIn('admin', 'wrong');
  await page.getByRole('alert').getByText('Tenant, name or password is wrong.').waitFor();
  await portal.inspect('sign-in-wrong');
  await portal.signIn('admin');
  await page.getByRole('heading', { level: 1, name: 'Brightmoor Instruments' }).waitFor();
  assert.equal(await page.title(), 'Brightmoor Instruments – Switchboard');
}

export async function says_when_the_next_attempt_may_be_made(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { as: null });
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const answered = page.waitForResponse(/\/session$/);
    await portal.signIn('admin', 'wrong');
    await answered;
  }
  await portal.signIn('admin');
  await page.getByRole('alert').getByText('Try again in 30 seconds').waitFor();
}

export async function a_one_time_link_signs_in_once(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { as: null, path: '#link=good-link' });
  await page.getByRole('heading', { level: 1, name: 'Brightmoor Instruments' }).waitFor();
  assert.ok(!page.url().includes('good-link'));
  await page.goto('about:blank');
  await portal.go('#link=old-link');
  await page.getByText('This link was used or has expired.').waitFor();
  await stage.expectAccessible();
  await stage.shot('portal-link-refused');
}

export async function comes_back_to_where_somebody_wanted_to_go(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, {
    as: null,
    path: 't/01M000000000000000000TENA1/contacts?q=anna',
  });
  await portal.signIn('admin');
  await page.getByRole('grid', { name: 'Contacts' }).waitFor();
  assert.equal(await page.getByRole('searchbox').inputValue(), 'anna');
}

export async function shows_home_with_what_needs_attention(stage) {
  const portal = await openPortal(stage);
  await stage.page.getByText('waits for approval.').waitFor();
  await portal.inspect('home');
}

export async function speaks_german_everywhere(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { language: 'de' });
  await page.getByText('wartet auf Freigabe.').waitFor();
  await portal.inspect('home-de');
  await page.getByRole('link', { name: 'Kontakte' }).first().click();
  await page.getByRole('grid', { name: 'Kontakte' }).waitFor();
  await portal.inspect('contacts-de');
  assert.equal(await page.locator('html').getAttribute('lang'), 'de');
}

export async function language_and_theme_are_kept(stage) {
  const { page } = stage;
  const portal = await openPortal(stage);
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.getByRole('menuitemradio', { name: 'High contrast' }).click();
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.getByRole('menuitemradio', { name: 'Deutsch' }).click();
  await page.getByRole('link', { name: 'Kontakte' }).first().waitFor();
  await portal.go('');
  await page.getByRole('link', { name: 'Kontakte' }).first().waitFor();
  await stage.expectAccessible();
  await stage.shot('portal-contrast', false);
}

export async function pages_may_run_from_right_to_left(stage) {
  const { page } = stage;
  await page.addInitScript(() => {
    document.addEventListener('readystatechange', () => {
      document.documentElement.dir = 'rtl';
    });
  });
  const portal = await openPortal(stage, { path: 't/01M000000000000000000TENA1/contacts' });
  const grid = page.getByRole('grid', { name: 'Contacts' });
  await grid.waitFor();
  const nav = await page.getByRole('navigation', { name: 'Navigation' }).boundingBox();
  assert.ok(nav.x > (await grid.boundingBox()).x, 'the navigation is on the right');
  await portal.inspect('contacts-rtl');
}

export async function a_new_page_is_read_from_its_heading(stage) {
  const { page } = stage;
  await openPortal(stage);
  await page.getByRole('link', { name: 'Contacts' }).first().click();
  const heading = page.getByRole('heading', { level: 1, name: 'Contacts' });
  await heading.waitFor();
  await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
  await page.getByRole('button', { name: 'Skip to content' }).focus();
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'main');
}

export async function the_navigation_folds_on_a_phone(stage) {
  const { page } = stage;
  await openPortal(stage);
  await page.setViewportSize(SIZES.phone);
  await page.getByRole('button', { name: 'Navigation' }).click();
  await page.getByRole('dialog').getByRole('link', { name: 'Contacts' }).waitFor();
  await stage.expectAccessible();
  await stage.shot('portal-navigation-phone', false);
  await page.getByRole('dialog').getByRole('link', { name: 'Contacts' }).click();
  await page.getByRole('grid', { name: 'Contacts' }).waitFor();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

export async function the_platform_goes_from_tenant_to_tenant(stage) {
  const { page } = stage;
  const portal = await openPortal(stage, { as: 'root' });
  await page.getByRole('grid', { name: 'Tenants' }).waitFor();
  await portal.inspect('tenants');
  await page.getByRole('button', { name: /^Tenant:/ }).click();
  await page.getByRole('menuitemradio', { name: 'Marlow & Finch Travel' }).click();
  await page.getByRole('heading', { level: 1, name: 'Marlow & Finch Travel' }).waitFor();
  await page.getByText('visitors see nothing of it').waitFor();
  // The platform manages tenants, not their contacts.
  assert.equal(await page.getByRole('link', { name: 'Contacts' }).count(), 0);
}

export async function what_is_missing_or_refused_says_so(stage) {
  const { page } = stage;
  stage.allow(/Problem|Unreachable/);
  const portal = await openPortal(stage, { path: null });
  await portal.go('nowhere');
  await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
  await portal.inspect('missing');
  portal.mock.refuse(/GET \/tenants\/[^/]+$/, 403, 'Your rights do not include this.');
  await portal.go('t/01M000000000000000000TENA1');
  await page.getByRole('heading', { name: 'Your rights do not include this' }).waitFor();
  await portal.inspect('forbidden');
}

export async function a_lost_network_is_said(stage) {
  const { page } = stage;
  await openPortal(stage);
  await stage.context.setOffline(true);
  await page.getByText('There is no network.').waitFor();
  await stage.expectAccessible();
  await stage.shot('portal-offline', false);
  await stage.context.setOffline(false);
  await page.getByText('There is no network.').waitFor({ state: 'detached' });
}

export async function signs_out(stage) {
  const { page } = stage;
  const portal = await openPortal(stage);
  await page.getByRole('button', { name: /^Account/ }).click();
  await stage.expectAccessible({ isOverlay: true });
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await portal.go('t/01M000000000000000000TENA1/contacts');
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
}
