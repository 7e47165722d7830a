/** One stream for several elements, and for several tabs. */
import assert from 'node:assert/strict';
import { everyState } from '../company.mjs';

const state = (page, id) => page.locator(`.card[data-id="${id}"]`).first();
const is = (page, id, wanted) =>
  page.locator(`.card[data-id="${id}"][data-state="${wanted}"]`).first().waitFor();

/** Waits until as many streams are open. */
async function streams(topic, count) {
  for (const from = Date.now(); topic.streams.size !== count; ) {
    assert.ok(Date.now() - from < 20_000, `${topic.streams.size} streams instead of ${count}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Another tab with the same page. */
async function anotherTab({ context }, site) {
  const tab = await context.newPage();
  await tab.goto(site.url);
  await tab.locator('.card').first().waitFor();
  return tab;
}

export async function two_elements_of_a_page_have_one_stream(stage) {
  const { page, show } = stage;
  const { feed, topic } = await show({
    cards: everyState(),
    html: ({
      gateway,
      publication,
    }) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>Two</title>
<link rel="icon" href="data:,"><script async src="${gateway}/widget/v1.js"></script>
<switchboard-contacts publication="${publication}"></switchboard-contacts>
<switchboard-contacts publication="${publication}"></switchboard-contacts></html>`,
  });

  topic.patch('P0', { state: 'busy' });
  const busy = page.locator('.card[data-id="P0"][data-state="busy"]');
  await busy.nth(1).waitFor();
  assert.equal(await busy.count(), 2);
  assert.equal(feed.requests.length, 1);
}

export async function tabs_have_one_stream_and_the_next_takes_it_over(stage) {
  const { page, show } = stage;
  const { feed, topic, site } = await show({ cards: everyState() });
  const [second, third] = [await anotherTab(stage, site), await anotherTab(stage, site)];
  await streams(topic, 1);

  topic.patch('P0', { state: 'busy' });
  for (const tab of [page, second, third]) await is(tab, 'P0', 'busy');
  assert.equal(feed.requests.length, 3, 'each begins with a stream of its own');

  // Whoever has the stream goes: that is the last one that was opened. The next one goes on where that was.
  await third.close();
  await streams(topic, 1);
  topic.patch('P0', { state: 'away' });
  for (const tab of [page, second]) await is(tab, 'P0', 'away');
  assert.match(feed.requests.at(-1), /^\?last_event_id=/);

  await page.goto('about:blank');
  await streams(topic, 1);
  topic.patch('P0', { state: 'offline' });
  await is(second, 'P0', 'offline');
  assert.equal(await state(second, 'P0').count(), 1);
  await second.close();
}

export async function the_tab_that_is_looked_at_has_the_stream(stage) {
  const { page, show } = stage;
  const { feed, topic, site } = await show({ cards: everyState() });
  const second = await anotherTab(stage, site);
  await streams(topic, 1);
  assert.equal(feed.requests.length, 2);

  // As it is when somebody goes back to the first: the browser of a test shows all of its tabs.
  await second.evaluate(() => {
    Object.defineProperty(document, 'hidden', { get: () => true });
    BroadcastChannel.prototype.postMessage = () => {};
  });
  await page.evaluate(lookAt);
  topic.patch('P0', { state: 'busy' });
  await is(page, 'P0', 'busy');
  await streams(topic, 1);
  topic.patch('P0', { state: 'away' });
  for (const tab of [page, second]) await is(tab, 'P0', 'away');
  assert.equal(feed.requests.length, 3, 'the first has opened a stream again');
  assert.match(feed.requests.at(-1), /^\?last_event_id=/);
  await second.close();
}

/** Runs in the page: what a browser says when a tab comes to the front. */
function lookAt() {
  document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
}

export async function nothing_is_kept_of_it(stage) {
  const { page, context, show } = stage;
  const { topic, site } = await show({ cards: everyState() });
  const second = await anotherTab(stage, site);
  await streams(topic, 1);

  const kept = await page.evaluate(async () => [
    localStorage.length,
    sessionStorage.length,
    (await indexedDB.databases()).length,
    (await caches.keys()).length,
    document.cookie,
  ]);
  assert.deepEqual(kept, [0, 0, 0, 0, '']);
  assert.deepEqual(await context.cookies(), []);
  await second.close();
}

export async function a_tab_that_hears_nothing_of_the_others_asks_for_itself(stage) {
  const { page, show, allow } = stage;
  allow(/ERR_/);
  const { topic, site } = await show({ cards: everyState() });
  const second = await anotherTab(stage, site);
  await streams(topic, 1);

  // The tab with the stream stands still, as one does that the system has put to sleep.
  await second.evaluate(() => {
    BroadcastChannel.prototype.postMessage = () => {};
  });
  await page.evaluate(() => {
    const real = Date.now;
    Date.now = () => real() + 20_000;
  });
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await streams(topic, 2);
  topic.patch('P0', { state: 'busy' });
  await is(page, 'P0', 'busy');
  await second.close();
}
