/** Templates on a page that is as strict as a page can be. */
import assert from 'node:assert/strict';
import { card, everyState } from '../company.mjs';

const SLOTS = '<slot name="name"></slot><slot name="state"></slot><slot name="actions"></slot>';
const OURS = {
  html: `<div class="row spread"><div class="column"><slot name="name"></slot><span class="small muted">{{t.from}} {{company}}</span></div><slot name="picture"></slot></div>
<slot name="state"></slot><p>{{t.hello}}</p><slot name="actions"></slot>
<p class="small"><a href="https://www.brightmoor.example/help">{{t.help}}</a></p>`,
  variables: { '--switchboard-accent': '#8a2be2', '--switchboard-radius': '0' },
  texts: {
    from: { text: 'from', language: 'en' },
    hello: { text: 'We look forward to you.', language: 'en' },
    help: { text: 'Hilfe', language: 'de' },
  },
};

const state = (page, id) => page.locator(`[data-id="${id}"] .label`);

export async function cards_take_the_form_of_a_template_and_stay_alive(stage) {
  const { page, show, shot } = stage;
  const { topic, feed } = await show({
    cards: everyState(),
    templates: { contact: OURS },
    attributes: 'lang="en-GB"',
  });

  assert.deepEqual(feed.loaded, ['template.js']);
  assert.match(feed.asked[0], /templates\/contact\?language=en-GB&tag=/);
  const first = page.locator('.card').first();
  await first.locator('.template').waitFor();
  assert.match(await first.innerText(), /from Brightmoor/);
  assert.equal(await first.locator('a', { hasText: 'Hilfe' }).getAttribute('target'), '_blank');
  assert.equal(await first.locator('span[lang="de"]').textContent(), 'Hilfe');
  const accent = await page
    .locator('switchboard-contacts')
    .evaluate((host) => getComputedStyle(host).getPropertyValue('--switchboard-accent'));
  assert.equal(accent.trim(), '#8a2be2');
  await stage.expectAccessible();
  await shot('template');

  const button = first.locator('.button').first();
  await button.focus();
  topic.patch('P0', { state: 'busy', company: 'Elsewhere Ltd' });
  await state(page, 'P0').filter({ hasText: 'Busy' }).waitFor();
  assert.match(await first.innerText(), /from Elsewhere Ltd/);
  assert.equal(await button.evaluate((one) => one.getRootNode().activeElement === one), true);

  topic.dress({ contact: { ...OURS, html: `<p>{{t.hello}}</p>${SLOTS}` } });
  await page.locator('.card .template > p:first-child').first().waitFor();
  topic.dress({});
  await page.locator('.card > .head').first().waitFor();
  assert.equal(await page.locator('.template').count(), 0);
}

export async function a_hostile_template_does_nothing(stage) {
  const { page, show, allow } = stage;
  // The browser says so of what it only reads, in a document in which nothing runs.
  allow(/violates the following Content Security Policy/);
  const html = `<img src=x onerror="window.hit=1"><script>window.hit=2</script>
<div onclick="window.hit=3" style="position:fixed">a</div><a href="javascript:window.hit=4">b</a>
<iframe srcdoc="<script>parent.hit=5</script>"></iframe><svg onload="window.hit=6"></svg>${SLOTS}`;
  await show({
    cards: [card({ id: 'P0' })],
    templates: { contact: { ...OURS, html, variables: { '--switchboard-ink': 'url(//x)' } } },
    attributes: 'lang="en"',
  });

  const first = page.locator('.card').first();
  await first.locator('.template').waitFor();
  await first.locator('.template > div', { hasText: /^a$/ }).click();
  assert.equal(await page.evaluate(() => window.hit), undefined);
  const bad =
    'img[onerror], script, [onclick], [style*=position], [href^=javascript], iframe, svg[onload]';
  assert.equal(await first.locator(bad).count(), 0);
}

export async function a_template_that_cannot_be_had_leaves_the_usual_cards(stage) {
  const { page, show, allow } = stage;
  allow(/404|Failed to load/);
  await show({
    cards: [card({ id: 'P0' })],
    templates: { contact: OURS },
    attributes: 'lang="en"',
    before: (feed) => {
      delete feed.topic('main').templates.contact;
    },
  });

  await page.locator('.card > .head').first().waitFor();
  assert.equal(await state(page, 'P0').textContent(), 'Available');
}

export async function a_panel_floats_over_the_page_and_is_worked_by_keyboard(stage) {
  const { page, show, shot } = stage;
  await show({
    cards: everyState(),
    attributes: 'lang="en" placement="floating"',
  });
  const launcher = page.getByRole('button', { name: 'Contact us' });
  await launcher.waitFor();
  assert.equal(await page.locator('.card').first().isVisible(), false);
  assert.equal(await launcher.getAttribute('aria-expanded'), 'false');
  await stage.expectAccessible();
  await shot('floating-closed');

  await launcher.focus();
  await page.keyboard.press('Enter');
  const panel = page.getByRole('dialog', { name: 'Contact us' });
  await panel.waitFor();
  await page.locator('.card').first().waitFor();
  const close = panel.getByRole('button', { name: 'Close' });
  assert.equal(await close.evaluate((one) => one.getRootNode().activeElement === one), true);
  await stage.expectAccessible();
  await shot('floating-open');
  const box = await panel.boundingBox();
  const { width, height } = page.viewportSize();
  assert.ok(box.x + box.width <= width && box.y + box.height <= height && box.y >= 0);

  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'hidden' });
  assert.equal(await launcher.evaluate((one) => one.getRootNode().activeElement === one), true);

  await page.setViewportSize({ width: 360, height: 640 });
  await launcher.click();
  await panel.waitFor();
  await stage.expectNoSideScroll();
  await page.emulateMedia({ colorScheme: 'dark' });
  await shot('floating-phone-dark');
  await page
    .locator('switchboard-contacts')
    .evaluate((host) => host.setAttribute('placement', 'embedded'));
  await launcher.waitFor({ state: 'detached' });
  await page.locator('.card').first().waitFor();
}

export async function a_conversation_begins_with_a_greeting_and_the_ways_that_are_open(stage) {
  const { page, show, shot } = stage;
  const html = '<p class="strong">{{t.greeting}}, {{name}}?</p><slot name="actions"></slot>';
  const texts = {
    greeting: { text: 'How can we help', language: 'en' },
    close: { text: 'Not now', language: 'en' },
  };
  await show({
    cards: [card({ id: 'P0', name: 'Anna Berg' })],
    templates: { conversation: { html, texts } },
    attributes: 'lang="en"',
  });
  await page.evaluate(() => {
    window.contacted = [];
    document.addEventListener('switchboard-contacted', (event) => {
      event.preventDefault();
      window.contacted.push(event.detail.kind);
    });
  });
  const chat = page.locator('.card .button[data-kind="chat"]');
  await chat.click();
  const dialog = page.getByRole('dialog', { name: 'Anna Berg' });
  await dialog.getByText('How can we help, Anna Berg?').waitFor();
  assert.deepEqual(await page.evaluate(() => window.contacted), []);
  await stage.expectAccessible({ isOverlay: true });
  await shot('conversation');
  await dialog.locator('.button[data-kind="chat"]').click();
  await dialog.waitFor({ state: 'hidden' });
  assert.deepEqual(await page.evaluate(() => window.contacted), ['chat']);

  await chat.click();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  assert.equal(await chat.evaluate((one) => one.getRootNode().activeElement === one), true);
}

export async function a_form_has_the_words_and_the_order_of_its_template(stage) {
  const { page, show, shot } = stage;
  const html = `<p>{{t.hello}}</p><slot name="phone"></slot><slot name="name"></slot>
<div class="box"><slot name="consent"></slot></div><slot name="buttons"></slot>`;
  const said = (text) => ({ text, language: 'en' });
  await show({
    cards: [
      card({ id: 'P0', is_reachable: false, state: 'offline' }),
      card({ id: 'P1', is_reachable: false }),
    ],
    publication: { title: 'Help', is_reachable: false, when_unreachable: 'callback' },
    templates: {
      callback: {
        html,
        texts: { hello: said('We call you.'), open: said('Call me'), phone: said('Your number') },
      },
    },
    attributes: 'lang="en"',
  });
  await page.getByRole('button', { name: 'Call me' }).click();
  await page.getByLabel('Your number').waitFor();
  await page.getByText('We call you.').waitFor();
  const labels = await page.locator('.form .label-text').allTextContents();
  assert.deepEqual(
    labels.filter((one) => /number|Name|Message|agree/i.test(one)).map((one) => one.split(' ')[0]),
    ['Your', 'Name', 'I'],
  );
  await stage.expectAccessible();
  await shot('form');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText('Please enter a telephone number').waitFor();
}
