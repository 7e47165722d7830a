import assert from 'node:assert/strict';
import { everyState } from '../company.mjs';

const german = { cards: everyState(), attributes: 'lang="de"' };

/** Notes whatever the widget says, from its first moment on. */
const note = () => {
  const said = new Set();
  window.said = said;
  const look = () => {
    const root = document.querySelector('switchboard-contacts')?.shadowRoot;
    for (const one of root?.querySelectorAll('.message, .label, .notice') ?? []) {
      if (one.textContent) said.add(one.textContent);
    }
    requestAnimationFrame(look);
  };
  look();
};

export async function german_is_loaded_beside_the_cards_and_english_never_seen({ page, show }) {
  const { feed } = await show({ ...german, before: () => page.addInitScript(note) });

  assert.deepEqual(feed.loaded, ['de.js']);
  assert.equal(await page.locator('.root').getAttribute('lang'), 'de');
  const said = await page.evaluate(() => [...window.said].join(' '));
  assert.match(said, /Verfügbar/);
  assert.doesNotMatch(said, /Available|Loading/);
}

export async function english_needs_nothing_else({ show }) {
  const { feed } = await show({ cards: everyState(), attributes: 'lang="en"' });

  assert.deepEqual(feed.loaded, []);
}

export async function english_stands_in_for_a_language_that_is_not_there({ page, show, allow }) {
  allow(/404|Failed to load/);
  await show({
    ...german,
    before: (feed) => {
      delete feed.parts['de.js'];
    },
  });

  assert.equal(await page.locator('.root').getAttribute('lang'), 'en');
  assert.equal(await page.locator('.card .label').first().textContent(), 'Available');
}

export async function cards_do_not_wait_for_ever_for_their_language({ page, show }) {
  await show({
    ...german,
    before: (feed) => {
      feed.parts['de.js'] = null;
    },
  });

  assert.equal(await page.locator('.card .label').first().textContent(), 'Available');
}
