import assert from 'node:assert/strict';
import { SIZES } from '../looks.mjs';

export async function the_website_shows_both_publications({ page, showDemo }) {
  await showDemo();

  assert.deepEqual(await page.locator('switchboard-contacts').count(), 2);
  assert.deepEqual(await page.context().cookies(), []);
  assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length), 0);
}

/** The website in one language, on a desktop and a phone, by day and by night. */
async function isSound(stage, { path, language, available }) {
  const { page } = stage;
  await stage.showDemo(path);
  assert.equal(await page.locator('html').getAttribute('lang'), language);
  assert.match(await page.locator('#contact .label').first().textContent(), available);
  for (const size of ['desktop', 'phone']) {
    await page.setViewportSize(SIZES[size]);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await stage.expectAccessible();
      await stage.expectNoSideScroll();
      await stage.shot(`demo-${language}-${size}-${colorScheme}`);
    }
  }
}

export async function the_website_is_sound_in_english_at_every_width(stage) {
  await isSound(stage, { path: '/', language: 'en', available: /Available/ });
}

export async function the_website_is_sound_in_german_at_every_width(stage) {
  await isSound(stage, { path: '/de.html', language: 'de', available: /Verfügbar/ });
}
