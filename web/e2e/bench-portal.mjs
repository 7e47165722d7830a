/**
 * How fast the portal is with 100,000 contacts of a real gateway, in Chromium.
 *
 *   node bench-portal.mjs PATH_OF_SWITCHBOARD [--contacts 100000] [--rounds 5] [--profile FOLDER]   environment: CHROMIUM
 *
 * Says for each line its goal, the best of the rounds and all of them. With a folder one more round of search and one of
 * scrolling are written there as profiles of the processor, which a browser's developer tools show.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startGateway } from './bench-gateway.mjs';
import { launch } from './browser.mjs';
import { SIZES } from './looks.mjs';

const { values, positionals } = parseArgs({
  options: {
    contacts: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '5' },
    profile: { type: 'string' },
  },
  allowPositionals: true,
});
const [binary] = positionals;
if (!binary) throw new Error('usage: node bench-portal.mjs PATH_OF_SWITCHBOARD');
const count = Number(values.contacts);
const rounds = Number(values.rounds);
const SLOWER = 4;
/** How long after the first rows something may still happen, in milliseconds. */
const QUIET_MS = 3000;

/** Runs in every page: remembers long tasks, long frames and shifts of the layout. */
function watch() {
  window.seen = { tasks: [], shifts: [], shifted: [], keyAt: 0, foundAt: 0 };
  const note = (type, keep) =>
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) keep(entry);
    }).observe({ type, buffered: true });
  note('longtask', ({ startTime, duration }) => window.seen.tasks.push(startTime + duration));
  note('layout-shift', ({ value, hadRecentInput, sources }) => {
    if (hadRecentInput) return;
    window.seen.shifts.push(value);
    for (const { node } of sources) {
      window.seen.shifted.push(`${node?.nodeName} ${node?.textContent?.slice(0, 60)}`);
    }
  });
  document.addEventListener('keydown', () => (window.seen.keyAt = performance.now()), true);
  const rows = new MutationObserver(() => {
    if (!window.seen.rowsAt && document.querySelector('[data-row]')) {
      window.seen.rowsAt = performance.now();
    }
  });
  rows.observe(document, { childList: true, subtree: true });
}

/** Opens the list in a browser that has never seen the portal, on a slow processor. */
async function load(browser, { url, tenant, state }) {
  const context = await browser.open({ storageState: state });
  const page = await context.newPage();
  await page.addInitScript(watch);
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  let bytes = 0;
  // What the gateway knows is not part of the portal.
  const answers = new Set();
  devtools.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (request.url.includes('/api/')) answers.add(requestId);
  });
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (!answers.has(requestId)) bytes += encodedDataLength;
  });
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  await page.goto(`${url}/portal/t/${tenant}/contacts`);
  await page.locator('[data-row]').first().waitFor();
  const loaded = bytes;
  const seen = await page.evaluate(
    (quiet) => new Promise((resolve) => setTimeout(() => resolve(window.seen), quiet)),
    QUIET_MS,
  );
  await context.close();
  const interactive = Math.max(
    seen.rowsAt,
    ...seen.tasks.filter((end) => end < seen.rowsAt + QUIET_MS),
  );
  return {
    kilobytes: loaded / 1024,
    interactive,
    shifted: seen.shifted,
    shift: seen.shifts.reduce((sum, value) => sum + value, 0),
  };
}

/** Scrolls through the list as it is loaded: the longest time between two frames. */
function scroll(page) {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const scroller = document.querySelector('[role=grid] > [role=rowgroup]');
        const until = performance.now() + 5000;
        let last = performance.now();
        let longest = 0;
        let frames = 0;
        scroller.scrollTop = 0;
        const step = () => {
          const now = performance.now();
          // The first frame after the jump to the top is not scrolling.
          if (frames > 2) longest = Math.max(longest, now - last);
          last = now;
          frames += 1;
          // A hundred rows in each second, and sometimes far away.
          scroller.scrollTop += frames % 60 === 0 ? 480_000 : 96;
          if (now < until) requestAnimationFrame(step);
          else resolve({ longest, frames });
        };
        requestAnimationFrame(step);
      }),
  );
}

/** Loads the whole list, as somebody does who goes to its end again and again. */
async function loadAll(page) {
  await page.locator('[data-row]').first().waitFor();
  await page.waitForFunction(
    (wanted) => {
      const scroller = document.querySelector('[role=grid] > [role=rowgroup]');
      scroller.scrollTop = scroller.scrollHeight;
      return Number(document.querySelector('[role=grid]').getAttribute('aria-rowcount')) > wanted;
    },
    count,
    { polling: 20, timeout: 600_000 },
  );
}

/** Searches for one of all, who is alone only after the last key; the time from that key until the row is drawn. */
async function search(page, at) {
  const word = `p${at}@`;
  await page.evaluate((wanted) => {
    window.seen.foundAt = 0;
    const look = () => {
      const first = document.querySelector('[data-row="0"]');
      const isOnly = document.querySelectorAll('[data-row]').length === 1;
      if (isOnly && first.textContent.includes(wanted)) {
        requestAnimationFrame(() => (window.seen.foundAt = performance.now()));
      } else requestAnimationFrame(look);
    };
    look();
  }, word);
  await page.getByRole('searchbox').fill('');
  await page.getByRole('searchbox').pressSequentially(`engineer ${word}`, { delay: 60 });
  await page.waitForFunction(() => window.seen.foundAt > 0);
  return page.evaluate(() => window.seen.foundAt - window.seen.keyAt);
}

/** Does `act` and writes what the page's processor did meanwhile; nothing where nobody asked for it. */
async function profiled(page, name, act) {
  if (!values.profile) return;
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Profiler.enable');
  await devtools.send('Profiler.setSamplingInterval', { interval: 200 });
  await devtools.send('Profiler.start');
  await act();
  const { profile } = await devtools.send('Profiler.stop');
  await devtools.detach();
  await mkdir(values.profile, { recursive: true });
  await writeFile(join(values.profile, `${name}.cpuprofile`), JSON.stringify(profile));
}

const say = (name, goal, unit, all, digits = 0) => {
  const figures = all.map((value) => value.toFixed(digits));
  const best = Math.min(...all);
  const is = best <= goal ? 'met' : 'MISSED';
  console.log(
    `${name}: ${best.toFixed(digits)} ${unit}, goal ≤ ${goal}: ${is} (${figures.join(', ')})`,
  );
};

console.log(`${count} contacts, ${rounds} rounds, ${cpus().length} × ${cpus()[0].model}`);
const gateway = await startGateway(binary, count);
const browser = await launch({ viewport: SIZES.desktop });
try {
  const page = await browser.context.newPage();
  await page.addInitScript(watch);
  await page.goto(`${gateway.url}/portal/`);
  await page.locator('input[name=tenant]').fill('Example');
  await page.locator('input[name=name]').fill('admin');
  await page.locator('input[name=password]').fill(gateway.password);
  await page.locator('button[type=submit]').click();
  await page.getByRole('heading', { level: 1, name: 'Example' }).waitFor();
  const state = await browser.context.storageState();

  const loads = [];
  for (let round = 0; round < rounds; round += 1)
    loads.push(await load(browser, { ...gateway, state }));
  say(
    'first load over the network',
    250,
    'kB',
    loads.map(({ kilobytes }) => kilobytes),
  );
  say(
    `interactive, processor ${SLOWER} × slower`,
    1500,
    'ms',
    loads.map((one) => one.interactive),
  );
  say(
    'layout shift',
    0,
    '',
    loads.map(({ shift }) => shift),
    4,
  );
  const shifted = new Set(loads.flatMap((one) => one.shifted));
  if (shifted.size > 0) console.log(`  what shifts: ${[...shifted].join(' | ')}`);

  await page.goto(`${gateway.url}/portal/t/${gateway.tenant}/contacts`);
  await page.locator('[data-row]').first().waitFor();
  const searches = [];
  for (let round = 0; round < rounds; round += 1) {
    searches.push(await search(page, 1000 + round * 97));
  }
  say('search, from the last key to the row', 100, 'ms', searches);
  await profiled(page, 'search', () => search(page, 4711));

  await page.getByRole('searchbox').fill('');
  await page.getByText(/entries$/).waitFor();
  await loadAll(page);
  const scrolls = [];
  for (let round = 0; round < rounds; round += 1) scrolls.push((await scroll(page)).longest);
  say('scrolling through all, longest frame', 50, 'ms', scrolls);
  await profiled(page, 'scroll', () => scroll(page));
} finally {
  await browser.close();
  await gateway.close();
}
