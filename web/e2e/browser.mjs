/** Starts the Chromium of this machine, throwaway profile and all. */

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The browser to use: `CHROMIUM`, else the first one in `PATH`. */
export function findChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of NAMES) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not here; the next folder may have it.
      }
    }
  }
  throw new Error('no Chromium found: install it (`apt-get install chromium`) or set CHROMIUM');
}

/**
 * A browser, a first context and the way to end both; `options` are playwright's for contexts. Who
 * wants nothing to be left of what happened before, such as a language that was chosen at an address
 * whose port is used again, opens another context.
 */
export async function launch(options = {}) {
  const browser = await chromium.launch({
    executablePath: findChromium(),
    headless: true,
    args: FLAGS,
  });
  const open = (more = {}) =>
    browser.newContext({
      locale: 'en-GB',
      viewport: { width: 1100, height: 800 },
      ...options,
      ...more,
    });
  return { context: await open(), open, close: () => browser.close() };
}
