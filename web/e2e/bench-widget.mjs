/**
 * How soon the widget shows a card over a slow network, and that nothing moves then, in Chromium, on a page of another
 * origin than a real gateway's.
 *
 *   node bench-widget.mjs PATH_OF_SWITCHBOARD [--rounds 5]     environment: CHROMIUM
 *
 * Says for each line its goal, the best of the rounds and all of them.
 */
import { cpus, loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startGateway } from './bench-gateway.mjs';
import { launch } from './browser.mjs';
import { serveStatic } from './static.mjs';

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string', default: '5' } },
  allowPositionals: true,
});
const [binary] = positionals;
if (!binary) throw new Error('usage: node bench-widget.mjs PATH_OF_SWITCHBOARD');
const rounds = Number(values.rounds);
/** How many cards the pages have. */
const SIZES = [5, 50];
/** Like a telephone on 3G: how long a request takes at least, and what comes and goes in a second. */
const NETWORK = {
  offline: false,
  latency: 100,
  downloadThroughput: (1_600 * 1000) / 8,
  uploadThroughput: (750 * 1000) / 8,
};
/** How the page gives the element room: as much as five cards take below each other. */
const ROOM = { path: '/room.html', css: '.room{display:block;min-height:64rem}' };
/** How long after the first card something may still move, in milliseconds. */
const QUIET_MS = 3000;

/** Runs in the page: remembers when the script had come, when the first card was drawn, and what moved when. */
function watch() {
  window.seen = { shifts: [] };
  new PerformanceObserver((list) => {
    for (const { value, startTime, sources } of list.getEntries()) {
      const moved = sources.map(({ node }) => node?.nodeName ?? 'something').join();
      window.seen.shifts.push({ value, at: startTime, moved });
    }
  }).observe({ type: 'layout-shift', buffered: true });
  const look = () => {
    const root = document.querySelector('switchboard-contacts')?.shadowRoot;
    if (root && !window.seen.bonesAt) window.seen.bonesAt = performance.now();
    // What is drawn now is seen after this frame.
    if (root?.querySelector('.card')) {
      requestAnimationFrame(() => {
        window.seen.cardAt = performance.now();
      });
    } else requestAnimationFrame(look);
  };
  look();
}

async function load(browser, url) {
  const context = await browser.open();
  const page = await context.newPage();
  await page.addInitScript(watch);
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', NETWORK);
  // What comes before the body is the gateway's and the proxy's business.
  let bytes = 0;
  devtools.on('Network.responseReceived', ({ requestId, response }) => {
    if (requestId === script) bytes -= response.encodedDataLength;
  });
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (requestId === script) bytes += encodedDataLength;
  });
  let script;
  devtools.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (request.url.endsWith('/widget/v1.js')) script = requestId;
  });
  await page.goto(url);
  await page.waitForFunction(() => window.seen.cardAt > 0);
  const seen = await page.evaluate(
    (quiet) =>
      new Promise((resolve) =>
        setTimeout(() => {
          const [entry] = performance.getEntriesByName(document.scripts[0].src);
          resolve({ ...window.seen, scriptAt: entry.responseEnd });
        }, quiet),
      ),
    QUIET_MS,
  );
  await context.close();
  const after = seen.shifts.filter(({ at }) => at >= seen.cardAt);
  const sum = (shifts) => shifts.reduce((all, { value }) => all + value, 0);
  return {
    kilobytes: bytes / 1000,
    card: seen.cardAt - seen.scriptAt,
    shift: sum(after),
    before: sum(seen.shifts) - sum(after),
    moved: after.map(({ moved }) => moved),
  };
}

/** Publications with as many cards as wanted, on pages with something below them. */
async function publish({ admin, tenant, url }, pages, host) {
  const home = `/tenants/${tenant}`;
  const hosts = { title: 'Web', hosts: [host], is_http_allowed: true };
  const domain = await admin.ask('POST', `${home}/domains`, hosts);
  const { items } = await admin.ask('GET', `${home}/contacts?limit=${Math.max(...SIZES)}`);
  for (const count of SIZES) {
    const fields = { title: `A team of ${count}`, domains: [domain.id] };
    const { id, key } = await admin.ask('POST', `${home}/publications`, fields);
    const entries = items.slice(0, count).map((contact) => ({ contact: contact.id }));
    await admin.ask('PUT', `${home}/publications/${id}/entries`, { entries });
    const pageWith = (more) => `<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Website</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css"><script async src="${url}/widget/v1.js"></script>
<h1>Talk to us</h1><switchboard-contacts publication="${key}"${more}></switchboard-contacts><p>Below it.</p></html>`;
    pages[`/${count}.html`] = pageWith('');
    if (count === SIZES[0]) pages[ROOM.path] = pageWith(' class="room"');
    // Warm: somebody has looked at it.
    const origin = { headers: { origin: `http://${host}` } };
    const snapshot = () => fetch(`${url}/api/v1/visitor/publications/${key}/snapshot`, origin);
    while (!(await snapshot()).ok) await pause(50);
  }
}

const say = (name, goal, unit, all, digits = 0) => {
  const best = Math.min(...all);
  const is = best <= goal ? 'met' : 'MISSED';
  const figures = all.map((value) => value.toFixed(digits)).join(', ');
  console.log(`${name}: ${best.toFixed(digits)} ${unit}, goal ≤ ${goal}: ${is} (${figures})`);
};

console.log(
  `${rounds} rounds, ${NETWORK.latency} ms, ${NETWORK.downloadThroughput / 125} kbit/s, ${cpus().length} × ${cpus()[0].model}, load ${loadavg()[0].toFixed(2)}`,
);
const gateway = await startGateway(binary, 100);
const browser = await launch({ viewport: { width: 360, height: 740 }, locale: 'en-GB' });
const pages = {
  '/page.css': `body{margin:1.25rem;font:1rem/1.5 system-ui,sans-serif}${ROOM.css}`,
};
const site = await serveStatic({ folder: import.meta.dirname, pages });
try {
  await publish(gateway, pages, new URL(site.url).host);
  for (const count of SIZES) {
    const loads = [];
    for (let round = 0; round < rounds; round += 1) {
      loads.push(await load(browser, `${site.url}/${count}.html`));
    }
    const all = (name) => loads.map((one) => one[name]);
    say(`${count} cards: the script, compressed`, 10, 'kB', all('kilobytes'), 1);
    say(`${count} cards: the first, after the script`, 300, 'ms', all('card'));
    say(`${count} cards: layout shift after the first`, 0, '', all('shift'), 4);
    console.log(
      `  before that, as the cards push aside what is below: ${all('before')
        .map((one) => one.toFixed(4))
        .join(', ')}`,
    );
    const moved = new Set(loads.flatMap((one) => one.moved));
    if (moved.size > 0) console.log(`  what moves: ${[...moved].join(' | ')}`);
  }
  const loads = [];
  for (let round = 0; round < rounds; round += 1) {
    loads.push(await load(browser, site.url + ROOM.path));
  }
  const all = loads.map(({ shift, before }) => shift + before);
  say(`${SIZES[0]} cards in room for them: layout shift in all`, 0, '', all, 4);
} finally {
  await site.close();
  await browser.close();
  await gateway.close();
}
