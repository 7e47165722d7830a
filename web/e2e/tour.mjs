/**
 * Takes the pictures of `docs/tour.md` from a demo of its own.
 *
 *   node tour.mjs PATH_OF_SWITCHBOARD     environment: CHROMIUM
 *
 * Waits until some of the demo's people are about, which takes a minute.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { launch } from './browser.mjs';
import { SIZES } from './looks.mjs';
import { read } from './portal-pages.mjs';
import { openPortalAt } from './portal-stage.mjs';
import { startDemo } from './program.mjs';
import { openStage } from './stage.mjs';

const FOLDER = join(import.meta.dirname, '../../docs/images');
/** Small enough to be read with a page, large enough for small letters. */
const QUALITY = 82;
const [binary] = process.argv.slice(2);
if (!binary) throw new Error('usage: tour.mjs PATH_OF_SWITCHBOARD');

const demo = await startDemo(binary);
const browser = await launch();
const stage = await openStage(browser.context);
const { page } = stage;
const devtools = await browser.context.newCDPSession(page);

async function take(name, clip) {
  await page.mouse.move(0, 0);
  await page.evaluate(() => document.activeElement?.blur());
  const area = clip && { clip: { ...clip, scale: 1 }, captureBeyondViewport: true };
  const shot = { format: 'webp', quality: QUALITY, ...area };
  const { data } = await devtools.send('Page.captureScreenshot', shot);
  const bytes = Buffer.from(data, 'base64');
  await writeFile(join(FOLDER, `${name}.webp`), bytes);
  console.log(`${name}.webp ${Math.round(bytes.length / 1000)} kB`);
}

/** What the website shows: its services, and a team that is opened. */
async function website() {
  await page.setViewportSize({ width: 1100, height: 900 });
  await page.goto(demo.website);
  const teams = page.locator('#team');
  await teams.locator('summary').last().click();
  await page.waitForFunction(() => {
    const roots = [...document.querySelectorAll('switchboard-contacts')].map(
      (one) => one.shadowRoot,
    );
    const states = roots.flatMap((root) => [...root.querySelectorAll('[data-state]')]);
    const kinds = new Set(states.map((one) => one.dataset.state));
    return kinds.size > 3;
  });
  const clip = await page.evaluate(() => {
    // It stays in sight, over whatever else the picture is of.
    document.querySelector('header').style.position = 'static';
    const [from, to] = ['#contact', '#team'].map((id) =>
      document.querySelector(id).getBoundingClientRect(),
    );
    return { x: 0, y: from.top + scrollY, width: innerWidth, height: to.bottom - from.top };
  });
  await take('website', clip);
}

/** Somebody of whom there is something to explain. */
async function somebody(tenant) {
  const { items } = await read(page, `/tenants/${tenant}/contacts?kind=person&limit=60`);
  for (const { id } of items) {
    const { state } = await read(page, `/tenants/${tenant}/contacts/${id}/presence`);
    if (state === 'busy') return id;
  }
  return items[0].id;
}

try {
  const { hash } = new URL(demo.link);
  const portal = await openPortalAt(stage, demo.url, { path: hash });
  await portal.arrived();
  const { tenant } = await read(page, '/session');
  const home = `t/${tenant}`;
  // People come to work in the demo, one after the other.
  await portal.open(`${home}/contacts`);
  const rows = page.locator('[role=row]', { hasText: /Available|Busy|Away|Do not disturb/ });
  await rows.nth(6).waitFor({ timeout: 180_000 });
  await portal.settle();
  await take('contacts');

  await portal.open(`${home}/contacts/${await somebody(tenant)}`);
  await page.getByRole('tab', { name: 'Presence' }).click();
  await portal.settle();
  await take('presence');

  const run = (await read(page, `/tenants/${tenant}/runs?limit=1`)).items[0].id;
  await portal.open(`${home}/runs/${run}`);
  await take('run');

  const publication = (await read(page, `/tenants/${tenant}/publications`)).items[0].id;
  await portal.open(`${home}/publications/${publication}`);
  await page.getByRole('tab', { name: 'Preview' }).click();
  await page.locator('switchboard-contacts .card').first().waitFor();
  await portal.settle();
  await take('publication');

  await portal.speak('de');
  await page.setViewportSize(SIZES.phone);
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await portal.open(`${home}/contacts`);
  await rows.or(page.locator('[data-row]')).first().waitFor();
  await portal.settle();
  await take('phone');

  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await website();
} finally {
  await stage.close();
  await browser.close();
  await demo.close();
}
