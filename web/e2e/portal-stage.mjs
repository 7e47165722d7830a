/** What the portal's scenarios share. */
import assert from 'node:assert/strict';
import { LOOKS, SIZES } from './looks.mjs';
import { startMockApi } from './mock-api.mjs';

/**
 * Opens the portal on a mock gateway at `path`, or on no page yet when that is null. `as` is who is signed in, or null
 * for nobody.
 */
export async function openPortal(stage, options = {}) {
  const { as = 'admin', contacts } = options;
  const mock = await startMockApi(contacts ? { contacts } : {});
  stage.keep(mock);
  // Refusals are what many scenarios are about.
  stage.allow(/Failed to load resource/);
  if (as) await stage.context.addCookies([mock.cookieOf(as)]);
  const portal = await openPortalAt(stage, mock.url, options);
  const { look, signIn } = portal;
  Object.assign(portal, {
    mock,
    signIn: (user = as, password = mock.password) =>
      signIn(user === 'root' ? '' : 'Brightmoor Instruments', user, password),
    async look(name, how) {
      await look(name, how);
      assert.deepEqual(mock.faults, []);
    },
  });
  if (as && options.path !== null) await portal.arrived();
  return portal;
}

/** Opens the portal of the gateway at `url`. */
export async function openPortalAt(stage, url, options = {}) {
  const { path = '', language = 'en', theme = 'system' } = options;
  const { page } = stage;
  const settle = settler(page);
  await page.setViewportSize(SIZES.desktop);
  // A transition is half-way for as long as a busy machine likes.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.addInitScript(reportPolicy);
  await page.addInitScript(keepTold);
  await page.addInitScript(turn);
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
  if (path !== null) await page.goto(`${url}/portal/${path}`);
  return {
    page,
    settle,
    async signIn(tenant, name, password) {
      for (const [field, value] of Object.entries({ tenant, name, password })) {
        await page.locator(`input[name=${field}]`).fill(value);
      }
      await page.locator('form:has(input[name=password]) button[type=submit]').click();
    },
    /** Waits until somebody is signed in and a page is there. */
    async arrived() {
      await page.getByRole('main').getByRole('heading', { level: 1 }).first().waitFor();
      await page.getByRole('button', { name: /^(Account|Konto)/ }).waitFor();
    },
    /** Goes to an address of the portal. */
    async go(to) {
      await page.goto(`${url}/portal/${to}`);
    },
    /** The same, and waits until the page is there with all that it loads. */
    async open(to) {
      await page.goto(`${url}/portal/${to}`);
      await page.getByRole('main').getByRole('heading', { level: 1 }).first().waitFor();
      await settle();
    },
    /** Speaks another language from the next address on; in another theme or direction, where one is said. */
    async speak(tongue, { look = theme, direction = 'ltr' } = {}) {
      await page.evaluate(
        ({ settings, way }) => {
          localStorage.setItem('switchboard-portal', JSON.stringify(settings));
          localStorage.setItem('direction', way);
        },
        { settings: { language: tongue, theme: look }, way: direction },
      );
    },
    /** Waits for a short message that was not waited for yet. */
    async told(text) {
      const wanted = typeof text === 'string' ? { text } : { pattern: text.source };
      await page.waitForFunction(takeTold, wanted);
    },
    /** Searches the page's list, and waits until it shows what was found: a click on a row that goes is lost. */
    async search(text) {
      await page.getByRole('searchbox').fill(text);
      await page.locator(`[data-shows="${text}"]`).waitFor();
    },
    /** Goes to the end of a list, again and again as more of it arrives, until row `least` is there. */
    async reach(least) {
      for (let row = 0; row < least; ) {
        await page.keyboard.press('End');
        row = await (await page.waitForFunction(rowAtEnd, row)).jsonValue();
      }
    },
    /** Looks at a page as it is: nothing found, nothing wider than the window. */
    async look(name, { size, scheme, ...options }) {
      if (page.viewportSize().width !== SIZES[size].width) await page.setViewportSize(SIZES[size]);
      await setTheme(page, scheme);
      await settle();
      await stage.expectAccessible(options);
      await stage.expectNoSideScroll();
      await stage.shot(`portal-${name}-${size}-${scheme}`, false);
    },
    /** Nothing may be cut off, or seen only by whoever pushes it aside. */
    async expectWhole(name) {
      assert.deepEqual(await page.evaluate(cutOff), [], name);
    },
    /** Looks at a page in both sizes and both themes. */
    async inspect(name, options = {}) {
      for (const look of LOOKS) await this.look(name, { ...look, ...options });
      await setTheme(page, 'light');
      await page.setViewportSize(SIZES.desktop);
    },
  };
}

/** Runs in the page: what the policy forbids is an error of the page. */
function reportPolicy() {
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
    console.error(`the policy forbids ${blockedURI} by ${effectiveDirective}`);
  });
}

/**
 * Runs in the page: writes it from right to left where that was asked for, before anything is drawn.
 * None of the languages is written so, but whatever is placed by start and end must bear it.
 */
function turn() {
  if (location.protocol !== 'http:' || localStorage.getItem('direction') !== 'rtl') return;
  const write = () => document.documentElement?.setAttribute('dir', 'rtl');
  write();
  new MutationObserver(write).observe(document, { childList: true });
}

/**
 * Runs in the page: the row that has the focus once more rows are there than when `before` had it.
 * Until then the end of the list is not its end.
 */
function rowAtEnd(before) {
  const row = Number(document.activeElement?.getAttribute('data-row'));
  const rows = document.querySelector('[role=rowgroup] > [role=presentation]');
  // With its line below, which the inner height leaves out.
  const rowHeight = document.activeElement?.offsetHeight;
  return row > before && rows?.clientHeight > (row + 1.5) * rowHeight ? row : false;
}

/**
 * Runs in the page: keeps short messages, which are gone after a few seconds. A busy machine may not
 * look at the page for longer than that.
 */
function keepTold() {
  const seen = new WeakSet();
  window.told = [];
  const look = () => {
    for (const message of document.querySelectorAll('.fui-Toast')) {
      if (!seen.has(message)) window.told.push(message.textContent);
      seen.add(message);
    }
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
}

/** Runs in the page: whether a message was told, which counts once. */
function takeTold({ text, pattern }) {
  const at = window.told.findIndex((said) =>
    text === undefined ? new RegExp(pattern).test(said) : said.includes(text),
  );
  if (at >= 0) window.told.splice(at, 1);
  return at >= 0;
}

/**
 * Runs in the page: what is wider than what holds it, so that its end is cut off or has to be pushed into sight.
 * Text that ends with an ellipsis says so, a field is scrolled by whoever writes in it, and filters are made to be
 * pushed where there is little room.
 */
function cutOff() {
  const found = [];
  for (const element of document.body.querySelectorAll('*')) {
    const { overflowX, textOverflow, clipPath } = getComputedStyle(element);
    if (overflowX === 'visible' || textOverflow === 'ellipsis' || clipPath !== 'none') continue;
    if (!element.checkVisibility() || element.clientWidth < 2) continue;
    if (element.matches('input, select, textarea, [role=group]')) continue;
    const over = element.scrollWidth - element.clientWidth;
    if (over > 1) found.push(`${element.tagName} ${element.className} by ${over} px`);
  }
  return found;
}

/** Follows the browser's scheme, so that nothing is reloaded. */
async function setTheme(page, scheme) {
  const isForced = scheme === 'forced';
  // Forced colours are told by a theme of their own, which is a dark one.
  const colorScheme = isForced ? 'dark' : scheme;
  const forcedColors = isForced ? 'active' : 'none';
  await page.emulateMedia({ colorScheme, forcedColors, reducedMotion: 'reduce' });
  // The portal follows a moment later; colours of both themes at once have a contrast nobody sees.
  // A page that chose a theme of its own stays with it.
  await page.waitForFunction((wanted) => {
    const { theme } = JSON.parse(localStorage.getItem('switchboard-portal') ?? '{}');
    return theme !== 'system' || document.documentElement.style.colorScheme === wanted;
  }, colorScheme);
  await painted(page);
}

/** Waits until what was asked for has been drawn. */
function painted(page) {
  return page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
}

/** What says that something is still on its way. */
const UNDER_WAY = '[aria-busy="true"], [role="progressbar"]:not(.fui-ProgressBar)';

/**
 * Follows the page's requests; the result waits until none is on its way and nothing in the page
 * says that it waits. Streams never end, so they do not count.
 */
function settler(page) {
  const pending = new Set();
  let wake = () => {};
  const ended = (request) => {
    pending.delete(request);
    wake();
  };
  page.on('request', (request) => {
    if (!/\/(stream|progress)$/.test(new URL(request.url()).pathname)) pending.add(request);
  });
  page.on('requestfinished', ended);
  page.on('requestfailed', ended);
  // Nobody reads this answer before somebody has signed in again.
  page.on('response', (response) => response.status() === 401 && ended(response.request()));
  const quiet = async () => {
    while (pending.size > 0) {
      await new Promise((resolve) => {
        wake = resolve;
      });
    }
  };
  return async () => {
    do {
      await within(quiet(), () => [...pending].map((request) => request.url()).join(', '));
      await page.waitForFunction(isAtRest, UNDER_WAY);
      // What an answer asks for next is asked for while the page is drawn.
      await painted(page);
    } while (pending.size > 0);
  };
}

/** Runs in the page: whether nothing says that it waits, but for what a dialog lies over. */
function isAtRest(selector) {
  const waiting = [...document.querySelectorAll(selector)];
  return !waiting.some((it) => it.checkVisibility() && !it.closest('[aria-hidden="true"]'));
}

/** Waits for `promise`, but not for ever; `what` says what was waited for in vain. */
async function within(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited in vain for ${what()}`)), 20_000);
  });
  try {
    await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
