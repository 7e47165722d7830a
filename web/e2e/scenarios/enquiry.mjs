/** What pages show while nobody can be reached, and what visitors leave then. */
import assert from 'node:assert/strict';
import { card, everyState } from '../company.mjs';

const gone = (id, fields = {}) => card({ id, name: `Person ${id}`, state: 'offline', ...fields });

const soon = () => new Date(Date.now() + 86_400_000).toISOString();

/** A page on which nobody can be reached. */
function closed(when, more = {}) {
  const publication = { title: 'Help', is_reachable: false, when_unreachable: when, ...more };
  return { publication, cards: [gone('P0'), gone('P1')] };
}

const part = (page) => page.locator('switchboard-contacts .enquiry');

async function open(page, name) {
  await page.getByRole('button', { name }).click();
  await page.getByLabel('Name').waitFor();
}

export async function a_page_that_hides_shows_nothing_until_somebody_is_there({ page, show }) {
  const { topic, feed } = await show({ cards: everyState(), publication: { title: 'Help' } });

  topic.change({
    changed: topic.cards.map((one) => ({ ...one, is_reachable: false })),
    publication: { is_reachable: false, when_unreachable: 'hide' },
  });
  await page.locator('switchboard-contacts .root').waitFor({ state: 'hidden' });
  const height = await page.evaluate(
    () => document.querySelector('switchboard-contacts').getBoundingClientRect().height,
  );
  assert.equal(height, 0);

  topic.change({ publication: { is_reachable: true } });
  await page.locator('.card').first().waitFor();
  assert.equal(feed.loaded.length, 0, 'nothing else is loaded for that');
}

export async function the_next_time_is_said_in_words({ page, show, shot }) {
  const { feed } = await show(closed('next_time', { next_reachable: soon() }));

  await page.locator('.notice', { hasText: /Reachable again tomorrow at \d\d:\d\d/ }).waitFor();
  await shot('next-time');
  assert.equal(feed.loaded.length, 0);
}

export async function a_callback_is_asked_for_with_the_keyboard_alone(stage) {
  const { page, show, shot, expectAccessible, allow } = stage;
  allow(/422/);
  const { topic, feed } = await show(closed('callback'));
  await page.evaluate(() => {
    addEventListener('switchboard-left', ({ detail }) => {
      window.left = detail.kind;
    });
  });
  await part(page).waitFor();
  assert.equal(feed.loaded.length, 1);
  await shot('enquiry-closed');

  await page.getByRole('button', { name: 'Ask for a callback' }).focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Name').waitFor();
  await page.waitForFunction(() => {
    const { shadowRoot } = document.querySelector('switchboard-contacts');
    return shadowRoot.activeElement?.name === 'name';
  });
  await expectAccessible();
  await shot('enquiry-open');

  // What is missing is said at each field, and the first of them has the focus.
  await page.keyboard.press('Enter');
  await page.getByText('Please enter your name.').waitFor();
  await page.getByText('Please agree, so that we may answer you.').waitFor();
  await expectAccessible();
  await shot('enquiry-refused');
  await page.keyboard.type('Erika Muster');
  await page.keyboard.press('Tab');
  await page.keyboard.type('call me');
  for (const key of ['Tab', 'Tab', 'Tab']) await page.keyboard.press(key);
  await page.getByRole('textbox', { name: 'Message' }).fill('Please in the afternoon.');
  await page.getByLabel('I agree').check();
  await page.getByRole('button', { name: 'Send' }).press('Enter');
  await page.getByText('Please enter a telephone number').waitFor();
  const phone = page.getByLabel('Telephone');
  assert.equal(await phone.getAttribute('aria-invalid'), 'true');
  await phone.fill('030 1234567');
  await page.getByRole('combobox').selectOption({ label: 'Person P1' });
  await page.getByRole('button', { name: 'Send' }).press('Enter');

  await page.getByText('Thank you. We will call you back.').waitFor();
  await shot('enquiry-sent');
  assert.equal(await page.evaluate(() => window.left), 'callback');
  const [left] = topic.desk.left;
  assert.deepEqual(
    [left.name, left.phone, left.about, left.text, left.has_consented, left.website],
    ['Erika Muster', '030 1234567', { contact: 'P1' }, 'Please in the afternoon.', true, ''],
  );
  assert.ok(left.key.length >= 16, left.key);
  const kept = await page.evaluate(() => [
    document.cookie,
    localStorage.length,
    sessionStorage.length,
  ]);
  assert.deepEqual(kept, ['', 0, 0]);
}

export async function a_message_is_left_in_german_in_the_dark_on_a_phone(stage) {
  const { page, show, shot, expectAccessible, expectNoSideScroll } = stage;
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 360, height: 740 });
  const { topic } = await show({ ...closed('form'), attributes: 'lang="de"' });

  await open(page, 'Nachricht hinterlassen');
  await expectAccessible();
  await expectNoSideScroll();
  await shot('enquiry-phone-dark');
  await page.getByLabel('Name').fill('Erika Muster');
  await page.getByRole('button', { name: 'Senden' }).click();
  await page.getByText('Bitte geben Sie eine E-Mail-Adresse an').waitFor();
  await shot('enquiry-phone-dark-refused');
  await page.getByRole('textbox', { name: 'E-Mail' }).fill('erika@example.com');
  await page.getByLabel('Nachricht', { exact: true }).fill('Wo ist mein Paket?');
  await page.getByLabel('Ich bin einverstanden').check();
  await page.getByRole('button', { name: 'Senden' }).click();
  await page.getByText('Vielen Dank. Wir antworten Ihnen.').waitFor();
  assert.equal(topic.desk.left[0].mail, 'erika@example.com');
}

export async function nobody_loses_what_they_write_when_somebody_comes_back(stage) {
  const { page, show, allow } = stage;
  allow(/409|429|500/);
  const { topic } = await show(closed('form'));
  await open(page, 'Leave a message');
  await page.getByLabel('Name').fill('Erika Muster');
  await page.getByRole('textbox', { name: 'Email' }).fill('erika@example.com');
  await page.getByRole('textbox', { name: 'Message' }).fill('Where is my parcel?');
  await page.getByLabel('I agree').check();

  topic.change({ changed: [card({ id: 'P0' })], publication: { is_reachable: true } });
  await page.locator('[data-id="P0"][data-state="available"]').waitFor();
  assert.equal(
    await page.getByRole('textbox', { name: 'Message' }).inputValue(),
    'Where is my parcel?',
  );

  topic.desk.refusals.push(500);
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText('Nothing is lost: please try again.').waitFor();
  topic.desk.refusals.push(429);
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText('Please try again in 10 min.').waitFor();
  // A form that is over is replaced by another one, without a word.
  topic.desk.refusals.push(409);
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText('Thank you. We will answer you.').waitFor();
  assert.equal(topic.desk.left[0].form, 'form-2');
  topic.patch('P0', { name: 'Anna Berg-Sander' });
  await page.locator('.name', { hasText: 'Anna Berg-Sander' }).waitFor();
  await page.getByRole('button', { name: 'Leave a message' }).waitFor({ state: 'hidden' });
}

export async function programs_that_fill_in_everything_are_told_apart({ page, show }) {
  const { topic } = await show(closed('callback'));
  await open(page, 'Ask for a callback');
  const trap = await page.evaluate(() => {
    const { shadowRoot } = document.querySelector('switchboard-contacts');
    const input = shadowRoot.querySelector('[name=website]');
    return [
      input.tabIndex,
      input.parentElement.ariaHidden,
      input.offsetWidth <= 1 || input.parentElement.offsetWidth <= 1,
    ];
  });
  assert.deepEqual(trap, [-1, 'true', true]);
  assert.equal(topic.desk.left.length, 0);
}
