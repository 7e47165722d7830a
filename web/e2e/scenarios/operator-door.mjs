/** Who is let into the operator, who is not, and what is told to whom. */
import assert from 'node:assert/strict';
import { CODE } from '../mock-sign-in.mjs';
import { openOperator } from '../operator-stage.mjs';

const REFUSALS = [
  ['103', 'No client licence is free', 'Try again when somebody has signed out'],
  ['110', 'You may not use clients', 'Ask your administrator to allow clients'],
  ['101', 'Your session is over', 'Sign in again'],
  ['131', 'The operator is open too often', 'Close some of them'],
  ['7', 'You were not let in', 'number 7'],
];

export async function refusals_are_told_in_plain_words_with_what_to_do(stage) {
  const { page } = stage;
  const operator = await openOperator(stage, {
    isThere: false,
    before: (_, rose) => Object.assign(rose, { refused: 103 }),
  });
  for (const [number, title, text] of REFUSALS) {
    operator.rose.refused = Number(number);
    await operator.enter();
    await page.getByRole('heading', { name: title }).waitFor();
    await page.getByRole('alert').getByText(text).waitFor();
  }
  await operator.inspect('refused');
  // Nothing of oneself or anybody was shown before.
  assert.equal(operator.rose.asked.length, 0);
  operator.rose.refused = null;
  await page.getByRole('button', { name: 'Try again' }).click();
  await operator.there();
  stage.expectQuiet();
}

const STRANGERS = [
  ['You may not use clients', (user) => Object.assign(user, { is_client_allowed: false })],
  ['Your account is linked to no contact', (user) => Object.assign(user, { contact: null })],
  [
    'Your company has no client licences',
    (_, mock) => Object.assign(mock.profiles.own, { is_fixed: true }),
  ],
];

export async function who_cannot_be_let_in_takes_no_licence(stage) {
  const { page } = stage;
  for (const [title, change] of STRANGERS) {
    const operator = await openOperator(stage, {
      isThere: false,
      before: (mock) => change(mock.company['/tenants/01M000000000000000000TENA1/users'][0], mock),
    });
    await page.getByRole('heading', { name: title }).waitFor();
    await operator.look('stranger', { size: 'phone', scheme: 'dark' });
    assert.equal(operator.rose.connections, 0, title);
  }
}

export async function who_runs_companies_is_nobodys_colleague(stage) {
  const { page } = stage;
  const operator = await openOperator(stage, { as: 'root', isThere: false });
  await page
    .getByRole('heading', { name: 'The operator is for the people of a company' })
    .waitFor();
  assert.equal(operator.rose.connections, 0);
}

export async function who_is_not_signed_in_signs_in_at_the_portal_and_comes_back(stage) {
  const { page } = stage;
  const operator = await openOperator(stage, { as: null, isThere: false });
  await page.getByRole('heading', { name: 'Sign in to Switchboard' }).waitFor();
  assert.equal(new URL(page.url()).pathname, '/portal/sign-in');
  await operator.signIn('Brightmoor Instruments', 'admin', operator.mock.password);
  await operator.there();
  assert.equal(new URL(page.url()).pathname, '/operator/');

  // Nowhere else is anybody sent, whatever an address says.
  for (const to of ['//evil.example/', '/\\evil.example', 'https://evil.example/']) {
    await page.context().clearCookies();
    await operator.go(`sign-in?to=${encodeURIComponent(to)}`);
    await operator.signIn('Brightmoor Instruments', 'admin', operator.mock.password);
    await operator.arrived();
    assert.equal(new URL(page.url()).origin, operator.mock.url);
  }
}

export async function who_has_to_set_a_second_factor_up_comes_back_as_well(stage) {
  const { page } = stage;
  const operator = await openOperator(stage, {
    isThere: false,
    before: ({ signIn }) => Object.assign(signIn, { isRequired: true }),
  });
  await page.getByRole('heading', { name: 'Set up a second factor' }).waitFor();
  await page.getByLabel('Present password').fill(operator.mock.password);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByLabel('Code').fill(CODE);
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await operator.there();
  assert.equal(new URL(page.url()).pathname, '/operator/');
}

export async function the_portal_leads_whoever_may_and_shows_others_nothing(stage) {
  const { page } = stage;
  const operator = await openOperator(stage);
  await operator.open('account');
  await page.getByRole('button', { name: /^Account/ }).click();
  const link = page.getByRole('menuitem', { name: 'Operator' });
  await link.waitFor();
  assert.equal(await link.getAttribute('href'), '/operator/');
  operator.mock.profiles.own.is_fixed = true;
  await page.reload();
  await operator.arrived();
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).waitFor();
  await operator.settle();
  assert.equal(await link.count(), 0);
}

export async function a_session_that_ends_is_told_and_leads_to_signing_in(stage) {
  const { page } = stage;
  const operator = await openOperator(stage);
  operator.mock.endSessions();
  operator.rose.cut();
  await page.getByRole('heading', { name: 'Your session is over' }).waitFor();
  await operator.look('over', { size: 'phone', scheme: 'light' });
  await page.getByRole('link', { name: 'Sign in again' }).click();
  await page.getByRole('heading', { name: 'Sign in to Switchboard' }).waitFor();
}

export async function who_does_nothing_is_warned_and_may_stay(stage) {
  const { page } = stage;
  const operator = await openOperator(stage, {
    before: ({ signIn }) => Object.assign(signIn, { idleSeconds: 50 }),
  });
  await page.getByRole('heading', { name: 'Are you still there?' }).waitFor();
  operator.mock.signIn.idleSeconds = 1800;
  await page.getByRole('button', { name: 'Stay signed in' }).click();
  await page.getByRole('heading', { name: 'Are you still there?' }).waitFor({ state: 'detached' });
}
