/** What the portal's scenarios share. */
import assert from 'node:assert/strict';
import { startMockApi } from './mock-api.mjs';

/** The widths at which every page is looked at. */
export const SIZES = { desktop: { width: 1280, height: 800 }, phone: { width: 360, height: 740 } };

/** Opens the portal on a mock gateway, and signs in unless `as` is null. */
export async function openPortal(stage, options = {}) {
  const { as = 'admin', contacts, path = '', language = 'en', theme = 'system' } = options;
  const mock = await startMockApi(contacts ? { contacts } : {});
  stage.keep(mock);
  const { page } = stage;
  const settle = watchRequests(page);
  // Refusals are what many scenarios are about.
  stage.allow(/Failed to load resource/);
  await page.setViewportSize(SIZES.desktop);
  await page.addInitScript(
    (settings) => {
      // An empty page has no storage.
      if (location.protocol !== 'http:') return;
      if (!localStorage.getItem('switchboard-portal')) {
        localStorage.setItem('switchboard-portal', JSON.stringify(settings));
      }
    },
    { language, theme },
  );
  await page.goto(`${mock.url}/portal/${path}`);
  const portal = {
    mock,
    async signIn(user = as, password = mock.password) {
      const tenant = user === 'root' ? '' : 'Brightmoor Instruments';
      for (const [name, value] of Object.entries({ tenant, name: user, password })) {
        await page.locator(`input[name=${name}]`).fill(value);
      }
      await page.locator('form:has(input[name=password]) button[type=submit]').click();
    },
    /** Goes to an address of the portal without loading it anew. */
    async go(to) {
      await page.goto(`${mock.url}/portal/${to}`);
    },
    /** Waits for a short message; it is in the page twice, once for those who hear it. */
    told: (text) => page.getByText(text).first().waitFor(),
    /** Looks at a page: both sizes, both themes, nothing found, nothing wider than the window. */
    async inspect(name, options = {}) {
      for (const [size, viewport] of Object.entries(SIZES)) {
        await page.setViewportSize(viewport);
        for (const scheme of ['light', 'dark']) {
          await setTheme(page, scheme);
          await settle();
          await stage.expectAccessible(options);
          await stage.expectNoSideScroll();
          await stage.shot(`portal-${name}-${size}-${scheme}`, false);
        }
      }
      await setTheme(page, 'light');
      await page.setViewportSize(SIZES.desktop);
      assert.deepEqual(mock.faults, []);
    },
  };
  if (as) {
    await portal.signIn();
    await page.getByRole('main').getByRole('heading', { level: 1 }).first().waitFor();
    await page.getByRole('button', { name: /^(Account|Konto)/ }).waitFor();
  }
  return portal;
}

/** Follows the browser's scheme, so that nothing is reloaded. */
async function setTheme(page, scheme) {
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
  // The portal follows a moment later; colours of both themes at once have a contrast nobody sees.
  const follows = (wanted) => document.documentElement.style.colorScheme === wanted;
  await page.waitForFunction(follows, scheme, { timeout: 3000 }).catch(() => {});
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
}

/** Follows the page's requests; the result waits until none is on its way for two looks in a row. */
function watchRequests(page) {
  const pending = new Set();
  page.on('request', (request) => pending.add(request));
  page.on('requestfinished', (request) => pending.delete(request));
  page.on('requestfailed', (request) => pending.delete(request));
  return async () => {
    for (let looks = 0, quiet = 0; looks < 100 && quiet < 2; looks += 1) {
      quiet = pending.size === 0 ? quiet + 1 : 0;
      await page.waitForTimeout(100);
    }
  };
}
