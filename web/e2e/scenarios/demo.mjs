import assert from 'node:assert/strict';

export async function the_website_shows_both_publications({
  page,
  showDemo,
  shot,
  expectAccessible,
}) {
  await showDemo();

  assert.deepEqual(await page.locator('switchboard-contacts').count(), 2);
  assert.deepEqual(await page.context().cookies(), []);
  assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length), 0);
  await expectAccessible();
  await shot('demo-light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible();
  await shot('demo-dark');
}

export async function the_website_speaks_german_on_a_phone(stage) {
  const { page, showDemo, shot } = stage;
  await page.setViewportSize({ width: 360, height: 740 });
  await showDemo('/de.html');

  assert.match(await page.locator('#contact .label').first().textContent(), /Verfügbar/);
  await stage.expectNoSideScroll();
  assert.equal(await page.locator('html').getAttribute('lang'), 'de');
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await stage.expectAccessible();
  }
  await shot('demo-phone');
}
