/**
 * Signing in by a real identity provider at its own page, at a running gateway, for another program.
 *
 *   node sign-in-live.mjs [--shots FOLDER]     environment: CHROMIUM
 *
 * Standard input is one JSON object: "url" of the gateway; "tenant", which has an identity provider
 * called "Work"; "name" of a user whom it knows by that name.
 *
 * Says each step on standard output; ends with 1 when one fails, or when the browser complained.
 */
import assert from 'node:assert/strict';
import { perform } from './perform.mjs';

/** Goes to the provider's page and says there who one is. */
async function signInAs(page, who) {
  await page.getByRole('button', { name: 'Sign in with Work' }).click();
  await page.locator('input[name=login]').fill(who);
  await page.locator('input[name=password]').fill('any');
  await page.locator('button[type=submit]').click();
}

const STEPS = [
  async function a_user_signs_in_at_the_providers_own_page(portal, { url, tenant, name }) {
    const { page } = portal;
    await page.getByLabel('Tenant').fill(tenant);
    await page.locator('input[name=name]').focus();
    await signInAs(page, name);
    await portal.arrived();
    assert.equal(new URL(page.url()).origin, url);
    assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'My account');
    await page.getByText('By identity provider').waitFor();
  },
  async function signing_out_ends_the_providers_session_too({ page }) {
    await page.getByRole('button', { name: /^Account/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.locator('button[value=yes]').click();
    await page.getByRole('heading', { name: 'Sign in to Switchboard' }).waitFor();
  },
  async function who_is_no_user_is_told_so(portal, { tenant }) {
    const { page } = portal;
    await portal.go(`?tenant=${encodeURIComponent(tenant)}`);
    await signInAs(page, 'stranger');
    await page.getByText('you are no user here').waitFor();
    await portal.look('sign-in-unknown', { size: 'phone', scheme: 'light' });
  },
];

await perform({
  program: 'sign-in-live',
  allowed: /Failed to load resource/,
  pathOf: () => 'account',
  actsOf: () => STEPS.map((step) => [step.name, step]),
});
