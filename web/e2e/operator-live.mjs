/**
 * Two people at work with the operator of a running gateway, for another program: refused until there are licences, then
 * one chooses a profile and the other sees it; a computer is left alone, and somebody signs out.
 *
 *   node operator-live.mjs [--shots FOLDER]     environment: CHROMIUM
 *
 * Standard input is one JSON object: "url" of a gateway that was just started, and "token" of its set-up link.
 *
 * Says each step on standard output; ends with 1 when one fails, or when the browser complained.
 */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { attempt } from './attempt.mjs';
import { launch } from './browser.mjs';
import { firstTenant, PASSWORD } from './client.mjs';
import { watchIdle } from './operator-stage.mjs';
import { openPortalAt } from './portal-stage.mjs';
import { openStage } from './stage.mjs';

const { values } = parseArgs({ options: { shots: { type: 'string' } } });
if (values.shots) await mkdir(values.shots, { recursive: true });
const { url, token } = JSON.parse(await text(process.stdin));

const { root, admin, tenant } = await firstTenant(url, token);
const home = `/tenants/${tenant}`;
const make = (kind, fields) => admin.ask('POST', `${home}/${kind}`, fields);

/** Somebody of the team with an account that may use clients. */
async function hire(team, name, display_name) {
  const sip = `sip:${name}@example.org`;
  const work_phone = '+49 30 5550 1';
  const contact = await make('contacts', { display_name, sip, work_phone });
  await admin.ask('PUT', `${home}/groups/${team.id}/members/${contact.id}`);
  const user = await make('users', { name, contact: contact.id, is_client_allowed: true });
  await admin.ask('PUT', `${home}/users/${user.id}/password`, { password: PASSWORD });
  const scope = { kind: 'tenant', id: tenant };
  await make('grants', { user: user.id, role: 'agent', scope });
  return contact.id;
}

const team = await make('groups', { name: 'Support' });
await hire(team, 'anna', 'Anna Berg');
const bertsContact = await hire(team, 'bert', 'Bert Quill');

const browser = await launch();
/** A browser of somebody, at the operator. */
async function arrive(context) {
  const stage = await openStage(context, values.shots);
  // Who is not signed in is told so, which is what leads them to sign in.
  stage.allow(/Failed to load resource/);
  const portal = await openPortalAt(stage, url, { path: null });
  await stage.page.goto(`${url}/operator/`);
  return { ...portal, stage, page: stage.page };
}
const anna = await arrive(browser.context);
const bert = await arrive(await browser.open());

const row = ({ page }, name) => page.locator('li[data-state]').filter({ hasText: name });
const title = ({ page }, name) => page.getByRole('heading', { name }).waitFor();
const again = ({ page }) => page.getByRole('button', { name: 'Try again' }).click();
const why = () => admin.ask('GET', `${home}/contacts/${bertsContact}/presence/why`);
const isOfOperator = ({ claim }) => claim.kind === 'computer' && claim.source.endsWith('/operator');

/** Asks again until the answer is as wanted. */
async function until(ask, isWanted) {
  const late = Date.now() + 20_000;
  for (;;) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
    assert.ok(Date.now() < late, JSON.stringify(answer));
    await bert.page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
  }
}

const STEPS = [
  async function who_is_not_signed_in_signs_in_at_the_portal_and_is_sent_back() {
    for (const [one, name] of [
      [anna, 'anna'],
      [bert, 'bert'],
    ]) {
      await title(one, 'Sign in to Switchboard');
      await one.signIn('Example', name, PASSWORD);
      await one.page.waitForURL(`${url}/operator/`);
    }
  },
  async function without_licences_nobody_is_let_in() {
    await title(anna, 'Your company has no client licences');
    await title(bert, 'Your company has no client licences');
  },
  async function one_licence_lets_one_in() {
    await root.patch(home, { client_licences: 1 });
    await again(anna);
    await title(anna, 'Anna Berg');
    await again(bert);
    await title(bert, 'No client licence is free');
    await bert.stage.shot('operator-live-refused', false);
    await root.patch(home, { client_licences: 2 });
    await again(bert);
    await title(bert, 'Bert Quill');
  },
  async function what_one_chooses_the_other_sees_at_once() {
    await title(bert, 'Support');
    await row(bert, 'Anna Berg').waitFor();
    await anna.page.getByRole('button', { name: 'Lunch' }).click();
    await anna.page.getByText(/^By your profile, since/).waitFor();
    await row(bert, 'Anna Berg').getByText('Lunch').waitFor();
    await row(bert, 'Anna Berg')
      .getByText(/since \d/)
      .waitFor();
    await bert.stage.shot('operator-live-lunch', false);
    await bert.page.getByLabel('What colleagues see beside your state').fill('Back at four');
    await bert.page.getByRole('button', { name: 'Set', exact: true }).click();
    await row(anna, 'Bert Quill').getByText('Back at four').waitFor();
  },
  async function an_own_word_goes_before_the_profile_and_is_taken_back() {
    await anna.page.getByRole('button', { name: 'Do not disturb', exact: true }).click();
    await row(bert, 'Anna Berg').getByText('Do not disturb').waitFor();
    await anna.page.getByRole('button', { name: 'Take it back' }).click();
    await row(bert, 'Anna Berg').getByText('Lunch').waitFor();
  },
  async function a_computer_that_is_left_alone_is_said_to_be_idle() {
    await row(anna, 'Bert Quill').getByText('Available').waitFor();
    const idle = await watchIdle(bert.stage, url);
    await idle.grant();
    await bert.page.reload();
    await title(bert, 'Bert Quill');
    await idle.set(false);
    await row(anna, 'Bert Quill').getByText('Inactive').waitFor();
    const { claims, presence } = await why();
    const [said, ...others] = claims.filter(isOfOperator);
    assert.deepEqual(
      [said.part, said.claim.availability, others.length],
      ['decides', 'inactive', 0],
    );
    assert.equal(presence.decided_by, 'computer');
    await idle.set(true);
    await row(anna, 'Bert Quill').getByText('Available').waitFor();
  },
  async function who_signs_out_leaves_no_claim_and_gives_the_licence_back() {
    await bert.page.getByRole('button', { name: 'Account and settings' }).click();
    await bert.page.getByRole('menuitem', { name: 'Sign out' }).click();
    await title(bert, 'Sign in to Switchboard');
    await until(
      why,
      ({ claims }) => !claims.some((one) => isOfOperator(one) && one.part !== 'expired'),
    );
    await until(
      () => admin.ask('GET', `${home}/clients`),
      ({ connected }) => connected === 1,
    );
  },
];

try {
  for (const one of STEPS) {
    const act = async () => {
      await one();
      bert.stage.expectQuiet();
    };
    if (!(await attempt(one.name, anna.stage, act, { shot: 'operator-live-failed' }))) {
      await bert.stage.shot('operator-live-failed-bert', false);
      break;
    }
  }
} finally {
  await anna.stage.close();
  await bert.stage.close();
  await browser.close();
}
