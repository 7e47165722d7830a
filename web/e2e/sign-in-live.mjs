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
import { mkdir } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { launch } from './browser.mjs';
import { openPortalAt } from './portal-stage.mjs';
import { openStage } from './stage.mjs';

const { values } = parseArgs({ options: { shots: { type: 'string' } } });
if (values.shots) await mkdir(values.shots, { recursive: true });
const { url, tenant, name } = JSON.parse(await text(process.stdin));
const browser = await launch();
const stage = await openStage(browser.context, values.shots);
const { page } = stage;

/** Goes to the provider's page and says there who one is. */
async function signInAs(who) {
  await page.getByRole('button', { name: 'Sign in with Work' }).click();
  await page.locator('input[name=login]').fill(who);
  await page.locator('input[name=password]').fill('any');
  await page.locator('button[type=submit]').click();
}

const STEPS = [
  async function a_user_signs_in_at_the_providers_own_page(portal) {
    await signInAs(name);
    await portal.arrived();
    assert.equal(new URL(page.url()).origin, url);
    assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'My account');
    await page.getByText('By identity provider').waitFor();
  },
  async function signing_out_ends_the_providers_session_too() {
    await page.getByRole('button', { name: /^Account/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.locator('button[value=yes]').click();
    await page.getByRole('heading', { name: 'Sign in to Switchboard' }).waitFor();
  },
  async function who_is_no_user_is_told_so(portal) {
    await portal.go(`?tenant=${encodeURIComponent(tenant)}`);
    await signInAs('stranger');
    await page.getByText('you are no user here').waitFor();
    await portal.look('sign-in-unknown', { size: 'phone', scheme: 'light' });
  },
];

let step = '';
try {
  stage.allow(/Failed to load resource/);
  const portal = await openPortalAt(stage, url, { path: 'account' });
  await page.getByLabel('Tenant').fill(tenant);
  await page.locator('input[name=name]').focus();
  for (const one of STEPS) {
    step = one.name.replaceAll('_', ' ');
    const from = Date.now();
    await one(portal);
    stage.expectQuiet();
    console.log(`ok    ${step} (${Date.now() - from} ms)`);
  }
} catch (error) {
  console.log(`FAIL  ${step} at ${page.url()}\n${error.stack}`);
  await stage.shot('sign-in-live-failed');
  process.exitCode = 1;
} finally {
  await stage.close();
  await browser.close();
}
