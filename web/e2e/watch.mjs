/**
 * Watches a page with the widget for another program: one Chromium, commands and answers as JSON lines.
 *
 *   node watch.mjs URL        environment: CHROMIUM = the browser, else the first one in PATH
 *
 * First line out: {"ok":true,"ready":true} when the page has loaded. Then one answer per command, in
 * order. Every answer has "ok"; a failed one has "error", and for a wait also "cards" as they are.
 * End of input closes the browser.
 *
 *   {"cmd":"wait_text","selector":"…","text":"…","timeout_ms":10000}
 *       until an element of the CSS selector, inside shadow roots too, contains the text
 *   {"cmd":"cards"}
 *       -> {"ok":true,"cards":[{"id","name","title","kind","state","reachability","is_reachable",
 *           "reason","picture","buttons":[{"kind","href","is_enabled"}],"is_member"}…]}
 *       "reachability" is "reachable" or "unreachable"; "href" is null while a button is disabled;
 *       "picture" is the address of the one that is seen, null while initials are
 *   {"cmd":"wait_card","id":"…","state":"…","is_reachable":true,"name":"…","timeout_ms":10000}
 *       until a card is like that; each of id, state, is_reachable, name, title, picture, phone may be
 *       left out, but not both id and name. "other_than" wants any picture but the one with that
 *       address. -> {"ok":true,"card":{…},"waited_ms":12}
 *   {"cmd":"eval","script":"return document.title"} -> {"ok":true,"value":…}
 *   {"cmd":"goto","url":"…"}
 *   {"cmd":"screenshot","path":"…"}
 *   {"cmd":"close"} -> {"ok":true,"closed":true}
 */
import { createInterface } from 'node:readline';
import { launch } from './browser.mjs';

/** Runs in the page: what the cards say, and a wait that looks again at each change. */
function installWatcher() {
  const roots = () => {
    const found = [document];
    for (const root of found) {
      for (const element of root.querySelectorAll('*')) {
        if (element.shadowRoot) found.push(element.shadowRoot);
      }
    }
    return found;
  };
  const text = (element, part) => element.querySelector(`[part~="${part}"]`)?.textContent ?? '';
  const describe = (card) => {
    const isReachable = card.dataset.reachable === 'true';
    const own = card.querySelector(':scope > [part="actions"]');
    const images = [...card.querySelectorAll(':scope > [part="head"] img')];
    const seen = images.filter((image) => image.complete && image.naturalWidth > 0);
    const buttons = [...(own?.querySelectorAll('[part~="button"]') ?? [])].map((button) => ({
      kind: button.dataset.kind,
      href: button.getAttribute('href'),
      is_enabled: button.hasAttribute('href'),
    }));
    return {
      id: card.dataset.id,
      name: text(card, 'name'),
      title: text(card, 'role'),
      kind: ['person', 'service', 'group'].find((kind) => card.part.contains(kind)),
      state: card.dataset.state,
      reachability: isReachable ? 'reachable' : 'unreachable',
      is_reachable: isReachable,
      reason: text(card, 'reason'),
      picture: seen.at(-1)?.src ?? null,
      buttons,
      is_member: card.part.contains('member'),
    };
  };
  const cards = () =>
    roots().flatMap((root) => [...root.querySelectorAll('[data-id][part]')].map(describe));
  const fits = (card, wanted) =>
    ['id', 'name', 'title', 'state', 'is_reachable', 'picture'].every(
      (field) => wanted[field] === undefined || wanted[field] === card[field],
    ) &&
    (wanted.other_than === undefined ||
      (card.picture !== null && card.picture !== wanted.other_than)) &&
    (wanted.phone === undefined ||
      card.buttons.some((one) => one.kind === 'phone' && one.href === `tel:${wanted.phone}`));
  const probes = {
    card: (wanted) => cards().find((card) => fits(card, wanted)),
    text: ({ selector, text: wanted }) =>
      roots().some((root) =>
        [...root.querySelectorAll(selector)].some((one) =>
          (one.shadowRoot ?? one).textContent.includes(wanted),
        ),
      ) || undefined,
  };
  const wait = (kind, wanted, timeoutMs) =>
    new Promise((resolve) => {
      const from = performance.now();
      const seen = new Set();
      const observer = new MutationObserver(() => look());
      const end = (value) => {
        observer.disconnect();
        clearTimeout(timer);
        resolve({ value, waitedMs: Math.round(performance.now() - from) });
      };
      const timer = setTimeout(() => end(null), timeoutMs);
      const look = () => {
        for (const root of roots()) {
          if (seen.has(root)) continue;
          seen.add(root);
          const everything = { subtree: true, childList: true, attributes: true };
          observer.observe(root, { ...everything, characterData: true });
          // A picture that has loaded changes nothing else.
          root.addEventListener('load', look, true);
        }
        const value = probes[kind](wanted);
        if (value !== undefined) end(value);
      };
      look();
    });
  window.switchboardWatch = { cards, wait };
}

/** What each command does; the answer is what it returns. */
function commands(page) {
  const wait = async (kind, wanted) => {
    const timeoutMs = wanted.timeout_ms ?? 10_000;
    const { value, waitedMs } = await page.evaluate(
      ([what, like, limit]) => window.switchboardWatch.wait(what, like, limit),
      [kind, wanted, timeoutMs],
    );
    if (value !== null) return { [kind]: value, waited_ms: waitedMs };
    const cards = await page.evaluate(() => window.switchboardWatch.cards());
    return { ok: false, error: `not seen within ${timeoutMs} ms`, cards };
  };
  return {
    wait_text: (command) => wait('text', command),
    wait_card: (command) => wait('card', command),
    cards: async () => ({ cards: await page.evaluate(() => window.switchboardWatch.cards()) }),
    eval: async ({ script }) => ({ value: await page.evaluate(`(() => { ${script} })()`) }),
    goto: async ({ url }) => {
      await page.goto(url);
    },
    screenshot: async ({ path }) => {
      await page.screenshot({ path, fullPage: true });
    },
  };
}

function say(answer) {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

async function main() {
  const [url] = process.argv.slice(2);
  if (!url) throw new Error('usage: watch.mjs URL');
  const { context, close } = await launch();
  try {
    await context.addInitScript(installWatcher);
    const page = context.pages()[0] ?? (await context.newPage());
    page.on('pageerror', (error) => process.stderr.write(`page: ${error.message}\n`));
    page.on('console', (message) => process.stderr.write(`console: ${message.text()}\n`));
    await page.goto(url);
    const known = commands(page);
    say({ ok: true, ready: true });
    for await (const line of createInterface({ input: process.stdin })) {
      if (!line.trim()) continue;
      try {
        const command = JSON.parse(line);
        if (command.cmd === 'close') break;
        const run = known[command.cmd];
        if (!run) throw new Error(`no command ${command.cmd}`);
        say({ ok: true, ...(await run(command)) });
      } catch (error) {
        say({ ok: false, error: error.message });
      }
    }
  } finally {
    await close();
  }
  say({ ok: true, closed: true });
}

try {
  await main();
  // An input that the other side keeps open would hold the process.
  process.exit(0);
} catch (error) {
  say({ ok: false, error: error.message });
  process.exit(1);
}
