import assert from 'node:assert/strict';
import { card, everyState, modality } from '../company.mjs';

const label = (page, at) => page.locator('.card .label').nth(at);

export async function a_change_shows_without_reload({ page, show }) {
  const { topic } = await show({ cards: everyState() });

  topic.patch('P0', {
    name: 'Anna Berg-Sander',
    state: 'busy',
    is_reachable: false,
    reason: 'busy',
  });

  await page.locator('.card[data-state="busy"] .name', { hasText: 'Anna Berg-Sander' }).waitFor();
  assert.equal(await page.evaluate(() => performance.getEntriesByType('navigation').length), 1);
}

export async function what_was_missed_during_a_cut_arrives({ page, show, allow }) {
  allow(/ERR_|Failed to load/);
  const { topic, feed } = await show({ cards: everyState() });

  topic.cut();
  topic.patch('P1', { state: 'busy' });
  topic.patch('P1', { state: 'do_not_disturb' });

  await page.locator('[data-id="P1"][data-state="do_not_disturb"]').waitFor();
  assert.equal(feed.requests.length, 2);
  assert.match(feed.requests[1], /^\?last_event_id=[0-9a-f]+\.0$/);
}

export async function silence_makes_every_card_unknown_until_it_is_over({
  page,
  show,
  shot,
  allow,
}) {
  allow(/ERR_/);
  const { topic } = await show({ cards: everyState(), before: () => page.clock.install() });
  topic.isSilent = true;

  await page.clock.runFor(29_000);
  assert.equal(await label(page, 0).textContent(), 'Available');
  await page.clock.runFor(2_000);

  await page.locator('.notice', { hasText: 'Connection lost' }).waitFor();
  const labels = await page.locator('.card .label').allTextContents();
  assert.deepEqual(new Set(labels), new Set(['Unknown']));
  assert.equal(await page.locator('.button[href]').count(), 0);
  await shot('silent');

  topic.isSilent = false;
  topic.cut();
  const back = page.locator('[data-id="P0"][data-state="available"]');
  // The page's clock stands still while the answer comes, however long that takes.
  for (const from = Date.now(); !(await back.count()) && Date.now() - from < 60_000; ) {
    await page.clock.runFor(1_000);
  }
  await back.waitFor();
  await page.locator('.notice').waitFor({ state: 'hidden' });
}

export async function closing_time_arrives_as_a_change({ page, show, shot }) {
  const { topic } = await show({ cards: [card({ id: 'P0' })] });
  const opens = new Date(Date.now() + 86_400_000).toISOString();

  topic.change({
    changed: [card({ id: 'P0', is_reachable: false, reason: 'closed', next_reachable: opens })],
    publication: { is_open: false, opens_at: opens },
  });

  await page.locator('.notice', { hasText: 'will be back tomorrow at' }).waitFor();
  assert.match(await page.locator('.reason').textContent(), /closed/);
  await shot('closed');
}

export async function five_hundred_cards_are_shown_and_changed_at_once({ page, show, shot }) {
  const cards = Array.from({ length: 500 }, (_none, at) =>
    card({ id: `C${at}`, name: `Person ${at}` }),
  );
  const { topic } = await show({ cards });
  await page.locator('.card').nth(499).waitFor();

  const from = Date.now();
  topic.change({ changed: cards.map((one) => ({ ...one, state: 'busy' })) });
  await page.waitForFunction(() => {
    const { shadowRoot } = document.querySelector('switchboard-contacts');
    return shadowRoot.querySelectorAll('.card[data-state="busy"]').length === 500;
  });

  console.log(`      500 cards changed after ${Date.now() - from} ms`);
  await shot('five-hundred', false);
}

export async function a_hostile_card_stays_text({ page, show }) {
  const evil = '<img src=x onerror="window.hacked=1">';
  await show({
    cards: [
      card({
        id: 'P0',
        name: evil,
        title: evil,
        note: evil,
        picture: 'javascript:window.hacked=1',
        modalities: [modality('chat', 'javascript:window.hacked=1')],
      }),
    ],
  });

  assert.equal(await page.locator('.name').textContent(), evil);
  assert.equal(await page.locator('.button').count(), 0);
  assert.equal(await page.evaluate(() => window.hacked), undefined);
}
