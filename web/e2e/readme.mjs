/**
 * Takes the pictures of the README from a running demo (`make run`), once its people have been about
 * for some minutes.
 *
 *   node readme.mjs PORTAL-LINK [WEBSITE]     as the demo prints them
 */
import { join } from 'node:path';
import { launch } from './browser.mjs';
import { openPortalAt } from './portal-stage.mjs';
import { openStage } from './stage.mjs';

const FOLDER = join(import.meta.dirname, '../../docs/images');
const [link, website = 'http://127.0.0.1:8090/'] = process.argv.slice(2);
if (!link) throw new Error('usage: readme.mjs PORTAL-LINK [WEBSITE]');

const { origin, hash } = new URL(link);
const browser = await launch();
const stage = await openStage(browser.context);
const { page } = stage;

const portal = await openPortalAt(stage, origin, { path: hash });
await portal.arrived();
await page.getByRole('link', { name: 'Contacts' }).first().click();
await page.getByRole('grid', { name: 'Contacts' }).waitFor();
await portal.settle();
await page.evaluate(() => document.activeElement?.blur());
await page.mouse.move(640, 24);
await page.screenshot({ path: join(FOLDER, 'portal.png') });

await page.setViewportSize({ width: 1100, height: 900 });
await page.goto(website);
const teams = page.locator('#team');
await teams.locator('summary').last().click();
await page.mouse.move(0, 0);
const clip = await page.evaluate(() => {
  // It stays in sight, over whatever else the picture is of.
  document.querySelector('header').style.position = 'static';
  const [from, to] = ['#contact', '#team'].map((id) =>
    document.querySelector(id).getBoundingClientRect(),
  );
  return { x: 0, y: from.top + scrollY, width: innerWidth, height: to.bottom - from.top };
});
await page.screenshot({ path: join(FOLDER, 'demo.png'), fullPage: true, clip });

await stage.close();
await browser.close();
