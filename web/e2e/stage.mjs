/** What a scenario plays on: a mock gateway, a page on another origin, and a browser tab. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { serveDemo } from '../demo/serve.mjs';
import { company } from './company.mjs';
import { startMockFeed } from './mock-feed.mjs';
import { pageOf, serveWebsite } from './website.mjs';

const WIDGET = join(import.meta.dirname, '../widget/dist');
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Opens a stage; what it starts, `close` ends. */
export async function openStage(context, shots) {
  const page = await context.newPage();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  page.setDefaultTimeout(60_000);
  const problems = [];
  const allowed = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  const running = [];

  const start = async (publications) => {
    const script = await readFile(join(WIDGET, 'widget.js'));
    const parts = Object.fromEntries(
      await Promise.all(
        (await readdir(WIDGET)).map(async (name) => [name, await readFile(join(WIDGET, name))]),
      ),
    );
    const feed = await startMockFeed({ publications, script, parts, pingMs: 500 });
    running.push(feed);
    return feed;
  };

  return {
    page,
    context,
    /** Whether pictures are kept. */
    hasShots: Boolean(shots),
    /** Ends `one` with the stage. */
    keep: (one) => running.push(one),
    /**
     * Shows one publication, on a page that `html` makes of gateway, publication and attributes; `scripts` makes
     * the page's own ones, by path, of the gateway, at once or later.
     */
    async show({
      cards,
      publication = { title: 'Your contacts' },
      templates,
      attributes = '',
      before,
      html = pageOf,
      scripts = null,
    }) {
      const feed = await start({ main: { publication, cards, templates } });
      const pages = {
        '/index.html': html({ gateway: feed.url, publication: 'main', attributes }),
        ...(await scripts?.(feed.url)),
      };
      const site = await serveWebsite({
        gateway: feed.url,
        folder: WIDGET,
        pages,
        isScripted: Boolean(scripts),
      });
      running.push(site);
      await before?.(feed);
      await page.goto(site.url);
      const isSeen = !/floating/.test(attributes + JSON.stringify(templates ?? {}));
      const state = isSeen ? 'visible' : 'attached';
      await page.locator('switchboard-contacts .card').first().waitFor({ state });
      return { feed, topic: feed.topic('main'), site };
    },
    /** Shows the demonstration website with its two publications. */
    async showDemo(path = '/') {
      const feed = await start(company());
      const site = await serveDemo({ gateway: feed.url, services: 'services', team: 'team' });
      running.push(site);
      await page.goto(site.url + path);
      await page.locator('switchboard-contacts .card').first().waitFor();
      await page.locator('#team .card').first().waitFor();
      return { feed };
    },
    /**
     * Checks the page with axe; the policy of the page does not apply to what the test injects.
     * `but` names rules that do not hold, which whoever calls must have a reason for.
     */
    async expectAccessible({ isOverlay = false, but = [] } = {}) {
      // Half-way through a transition a colour has a contrast that nobody sees for long.
      await page.waitForFunction(isStill);
      if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
      const { violations } = await page.evaluate(
        async (rules) => {
          // What a short message lies over has its colours for behind, for a moment.
          const messages = [...document.querySelectorAll('.fui-ToastContainer')];
          for (const message of messages) message.style.visibility = 'hidden';
          const found = await window.axe.run(
            // They pass the focus on at once; nobody ever stays there. A short message lies over the
            // page for a moment, outside of its landmarks, and is read out by itself.
            {
              include: document,
              exclude: ['[data-tabster-dummy]', '.fui-Toast', '.fui-ToastContainer'],
            },
            { rules, resultTypes: ['violations'] },
          );
          for (const message of messages) message.style.visibility = '';
          // What lies under a bar that stays in sight is whole once it is scrolled to.
          const isWhole = ({ any }) => !/obscured/.test(any[0]?.message ?? '');
          const violations = found.violations.map(({ id, help, nodes }) => ({
            id,
            help,
            nodes: id === 'target-size' ? nodes.filter(isWhole) : nodes,
          }));
          return { violations: violations.filter(({ nodes }) => nodes.length > 0) };
        },
        {
          // WCAG 2.2, which axe leaves out unless it is asked.
          'target-size': { enabled: true },
          ...Object.fromEntries(but.map((rule) => [rule, { enabled: false }])),
          // What lies over the page, such as a menu, is outside its landmarks.
          region: { enabled: !isOverlay && !but.includes('region') },
        },
      );
      const found = violations.map(
        ({ id, help, nodes }) =>
          `${id}: ${help}: ${nodes.slice(0, 3).map((node) => `${node.target} ${node.any[0]?.message ?? ''}`)}`,
      );
      assert.deepEqual(found, []);
    },
    /** Nothing may be wider than the window. */
    async expectNoSideScroll() {
      const [content, view] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ]);
      assert.ok(content <= view, `the page is ${content} px wide in a window of ${view} px`);
    },
    /** Says which complaints of the browser belong to the scenario. */
    allow: (pattern) => allowed.push(pattern),
    expectQuiet() {
      const left = problems.filter((text) => !allowed.some((pattern) => pattern.test(text)));
      assert.deepEqual(left, []);
    },
    async shot(name, fullPage = true) {
      if (shots) await page.screenshot({ path: join(shots, `${name}.png`), fullPage });
    },
    async close() {
      await page.close();
      for (const one of running.reverse()) await one.close();
    },
  };
}

/** Runs in the page: whether no colour is on its way to another one. */
function isStill() {
  return document.getAnimations().every((animation) => !(animation instanceof CSSTransition));
}
