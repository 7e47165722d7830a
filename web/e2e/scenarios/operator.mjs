/** The operator: oneself and colleagues, live. */
import assert from 'node:assert/strict';
import { idOf, kept } from '../mock-company.mjs';
import { claimOf, partOf } from '../mock-presence.mjs';
import { profileOf } from '../mock-profiles.mjs';
import { addGroup, HOME, OWN, openOperator } from '../operator-stage.mjs';

/** A picture of one pixel. */
const FACE =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const say = (mock, contact, kind, state, fields) =>
  mock.presence.say(contact, { claims: [partOf(claimOf(kind, state, fields), 'decides')] });

export async function who_is_signed_in_sees_themselves_and_colleagues_live(stage) {
  const { page } = stage;
  const operator = await openOperator(stage, {
    before: (_, rose) => rose.faces.set(idOf('C', 1), FACE),
  });
  await page.getByRole('heading', { name: 'Customer support' }).waitFor();
  await page.getByRole('heading', { name: 'Sales' }).waitFor();
  assert.equal(await page.title(), 'Available – Operator');
  await operator.inspect('desk');
  const colleague = idOf('C', 1);
  say(operator.mock, colleague, 'telephone', 'busy', { activity: 'on_the_phone', minutes: 3 });
  const row = operator.row('Björn Müller');
  await row.locator('img').waitFor();
  assert.equal(await row.locator('img').evaluate((one) => one.naturalWidth), 1);
  assert.equal(await operator.row('Chloë Müller').locator('img').count(), 0);
  await row.getByText('On the phone').waitFor();
  await row.getByText(/since \d/).waitFor();
  await row
    .getByRole('button', { name: /Björn Müller/ })
    .first()
    .click();
  await row.getByRole('link', { name: /^\+49/ }).waitFor();
  assert.match(
    await row.getByRole('link', { name: /^Call/ }).getAttribute('href'),
    /^tel:\+49305550/,
  );
  assert.match(await row.getByRole('link', { name: /^Mail/ }).getAttribute('href'), /^mailto:.+@/);
  // Who is in both groups stands in both, and is looked at once.
  const names = operator.rose.asked
    .filter(({ operation }) => operation === 'asnGetAndSubscribePresenceV2')
    .flatMap(({ argument }) => argument.seqContactIDs);
  assert.equal(new Set(names).size, names.length);
  await operator.look('details', { size: 'phone', scheme: 'light' });
  stage.expectQuiet();
}

export async function a_profile_is_chosen_and_an_own_word_goes_before_it(stage) {
  const { page } = stage;
  const operator = await openOperator(stage, {
    before({ company, profiles }) {
      company[`${HOME}/custom_states`] = [];
      profiles.add('presence_profiles', customProfile());
    },
  });
  const { mock } = operator;
  mock.presence.answer('POST', `${HOME}/custom_states`, {
    body: { name: 'Coffee break', availability: 'be_right_back', labels: { de: 'Kaffeepause' } },
    headers: {},
  });
  await page.reload();
  await operator.there();
  await page.getByRole('button', { name: 'Lunch' }).click();
  await operator.told('You are shown as Lunch.');
  await page.getByRole('status').getByText('Lunch', { exact: true }).waitFor();
  await page.getByText(/^By your profile, since/).waitFor();
  assert.equal(await page.title(), 'Lunch – Operator');
  assert.equal(operator.sent('PUT', '/profile').at(-1).body.profile, 'lunch');

  await page.getByLabel('Own word until').selectOption('60');
  await page.getByRole('button', { name: 'Coffee break' }).click();
  await page.getByText(/^Own word: Coffee break\s+until/).waitFor();
  const { custom_state, expires_at } = operator.sent('PUT', '/presence/manual').at(-1).body;
  assert.ok(custom_state);
  const left = Date.parse(expires_at) - Date.now();
  assert.ok(left > 3_500_000 && left <= 3_600_000, `${left}`);
  await page.getByText(/^By your own word, since/).waitFor();
  await operator.look('word', { size: 'desktop', scheme: 'light' });
  await page.getByRole('button', { name: 'Take it back' }).click();
  await page.getByRole('status').getByText('Lunch', { exact: true }).waitFor();

  // What the interface tells with one number is told apart.
  await page.getByRole('button', { name: 'Be right back' }).click();
  await page.getByText('Own word: Be right back').waitFor();
  await page.getByRole('button', { name: 'Take it back' }).click();
  await page.getByText('Own word: Be right back').waitFor({ state: 'detached' });

  // A moment that is over is not accepted.
  await page.getByLabel('Own word until').selectOption('other');
  await page.getByRole('button', { name: 'Busy', exact: true }).click();
  await page.getByText('This moment is over. Choose a later one.').waitFor();
  assert.equal(operator.sent('PUT', '/presence/manual').length, 2);
  await page.getByLabel('Own word until').selectOption('open');
  await page.getByRole('button', { name: 'Out of office', exact: true }).click();
  await operator.told('You are marked as out of office.');
  assert.equal(operator.sent('PUT', '/presence/out_of_office').length, 1);
  stage.expectQuiet();
}

function customProfile() {
  const name = 'At the customer’s in Donaudampfschifffahrtsgesellschaftskapitänskajüte';
  return profileOf(idOf('P', 77), { ...kept(idOf('P', 77)), name, status: 'unavailable' });
}

export async function a_profile_that_may_not_be_selected_is_not_offered(stage) {
  const { page } = stage;
  await openOperator(stage, {
    before: ({ profiles }) => Object.assign(profiles.own, { may_select: false }),
  });
  await page.getByRole('button', { name: 'Do not disturb', exact: true }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Lunch' }).count(), 0);
}

export async function a_status_message_is_set_replaced_and_removed(stage) {
  const { page } = stage;
  const operator = await openOperator(stage);
  const message = page.getByLabel('What colleagues see beside your state');
  await message.fill('Back at three');
  await page.getByLabel('Show it until').selectOption('30');
  await page.getByRole('button', { name: 'Set', exact: true }).click();
  await operator.told('Your status message was set.');
  const [{ body }] = operator.sent('POST', '/notes');
  assert.equal(body.text, 'Back at three');
  assert.ok(Date.parse(body.expires_at) > Date.now());
  await message.fill('Back at four');
  await operator.look('message', { size: 'desktop', scheme: 'dark' });
  await page.getByRole('button', { name: 'Set', exact: true }).click();
  await page.getByText('Back at four').waitFor();
  assert.equal(await page.getByText('Back at three').count(), 0);
  await page.getByRole('button', { name: 'Remove “Back at four”' }).click();
  await operator.told('Your status message was removed.');
  await page.getByText('Back at four').waitFor({ state: 'detached' });
  stage.expectQuiet();
}

export async function somebody_is_found_and_kept_as_a_favourite(stage) {
  const { page } = stage;
  const operator = await openOperator(stage);
  await page.keyboard.press('/');
  await page.keyboard.type('Jürgen');
  await page.getByRole('heading', { name: 'Found' }).waitFor();
  const row = operator.row('Jürgen Sørensen');
  await row.getByRole('button', { name: /^Keep/ }).click();
  await operator.look('found', { size: 'desktop', scheme: 'light' });
  await page.keyboard.press('Escape');
  await page.getByRole('searchbox').fill('');
  await page.getByRole('heading', { name: 'Favourites' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Favourites' }).waitFor();
  const kept = await page.evaluate(() => localStorage.getItem('switchboard-operator'));
  assert.doesNotMatch(kept, /Jürgen/, 'identities alone are kept');
  await page.getByRole('searchbox').fill('nobody at all');
  await page.getByText('Nobody is found.').waitFor();
  await page.getByRole('searchbox').fill('');
  await operator
    .row('Jürgen Sørensen')
    .getByRole('button', { name: /^Remove/ })
    .click();
  await page.getByRole('heading', { name: 'Favourites' }).waitFor({ state: 'detached' });
  stage.expectQuiet();
}

export async function long_names_german_and_forced_colours_are_sound(stage) {
  const { page } = stage;
  const operator = await openOperator(stage, {
    language: 'de',
    before({ presence }) {
      const text = `Ich bin ${'sehr '.repeat(40)}lange weg und ${'Donaudampfschiff'.repeat(6)}`;
      for (const contact of [OWN, idOf('C', 7)]) {
        presence.answer('POST', `${HOME}/contacts/${contact}/notes`, {
          body: { text },
          headers: {},
        });
      }
      presence.say(idOf('C', 7), {
        claims: [
          partOf(claimOf('manual', 'away', { custom: `Kaffee${'pause'.repeat(20)}` }), 'decides'),
        ],
      });
    },
  });
  await page.getByRole('heading', { name: 'Kollegen' }).waitFor();
  await operator.inspect('german');
  await operator.look('german', { size: 'desktop', scheme: 'forced' });
  await operator.expectWhole('the operator in German');
  stage.expectQuiet();
}

export async function the_keyboard_is_enough(stage) {
  const { page } = stage;
  const operator = await openOperator(stage);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-person'));
  await page.keyboard.press('/');
  await page.keyboard.press('ArrowDown');
  const first = await focused();
  assert.ok(first);
  await page.keyboard.press('ArrowDown');
  const second = await focused();
  assert.notEqual(second, first);
  await page.keyboard.press('ArrowUp');
  assert.equal(await focused(), first);
  await page.keyboard.press('End');
  assert.notEqual(await focused(), second);
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement?.ariaExpanded), 'true');
  // One row is one stop, with its own buttons behind it.
  const stops = await page.locator('[data-person][tabindex="0"]').count();
  assert.equal(stops, 1);
  await operator.look('keyboard', { size: 'desktop', scheme: 'light' });
}

export async function more_people_than_can_be_looked_at_are_said_to_be_there(stage) {
  const { page } = stage;
  const operator = await openOperator(stage, {
    contacts: 600,
    before({ company }) {
      const ids = Array.from({ length: 400 }, (_, at) => idOf('C', at));
      addGroup(company, 902, 'Everybody', ids);
    },
  });
  await page.getByText('Only 200 people are shown.').waitFor();
  const asked = operator.rose.asked.filter(({ argument }) => argument.seqContactIDs);
  const ids = new Set(asked.flatMap(({ argument }) => argument.seqContactIDs));
  assert.equal(ids.size, 201, 'oneself, and two hundred colleagues');
  assert.ok(asked.every(({ argument }) => argument.seqContactIDs.length <= 200));
  await operator.look('many', { size: 'phone', scheme: 'light' });
}
