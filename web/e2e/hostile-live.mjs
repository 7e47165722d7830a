/**
 * A gateway full of hostile values, for another program: its portal and a page with the widget are walked through, once
 * where the browser would run every script that got in, and the page once more under the strictest policy. All values
 * must be there as text, nothing of them may run or be an element, and none may make a page wider than a telephone.
 *
 *   node hostile-live.mjs [--shots FOLDER]     environment: CHROMIUM
 *
 * Standard input is one JSON object: "url" of a gateway that was just started, "token" of its set-up link, and "folder"
 * of its file sources.
 *
 * Says each step on standard output; ends with 1 when one fails, or when the browser complained.
 */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { attempt } from './attempt.mjs';
import { launch } from './browser.mjs';
import { firstTenant, PASSWORD } from './client.mjs';
import { fill, HOSTILE } from './hostile-values.mjs';
import { SIZES } from './looks.mjs';
import { addressOf, PAGES } from './portal-pages.mjs';
import { openPortalAt } from './portal-stage.mjs';
import { openStage } from './stage.mjs';
import { pageOf, serveWebsite } from './website.mjs';

const { values } = parseArgs({ options: { shots: { type: 'string' } } });
if (values.shots) await mkdir(values.shots, { recursive: true });
const { url, token, folder } = JSON.parse(await text(process.stdin));
const NAME = HOSTILE[0];

/** Runs in every page before anything else: a script that gets in is an error of the page. */
function trap() {
  Object.defineProperty(window, 'hacked', {
    set() {
      console.error('a hostile script ran');
    },
  });
}

/** Runs in the page: what is an element or a link and should have been text. */
function intruders() {
  const found = [];
  const roots = [document];
  for (const root of roots) {
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) roots.push(element.shadowRoot);
      for (const { name, value } of element.attributes) {
        const isHandler = name.startsWith('on');
        const isScript = /^(href|src|action|formaction|data)$/.test(name) && /script:/i.test(value);
        if (isHandler || isScript) found.push(`${element.localName} ${name}=${value}`);
      }
      const isScript = element.localName === 'script' && element.textContent.includes('hacked');
      if (isScript || element.getAttribute('src') === 'x') found.push(element.outerHTML);
    }
  }
  return found;
}

/** Runs in the page: all that it says, in shadows and fields too. */
function saidBy() {
  const of = (root) =>
    [...root.querySelectorAll('*')].reduce(
      (all, one) => all + (one.value ?? '') + (one.shadowRoot ? of(one.shadowRoot) : ''),
      root.textContent ?? root.body.textContent,
    );
  return of(document.documentElement);
}

async function isText(page, name, value) {
  assert.deepEqual(await page.evaluate(intruders), [], name);
  if (!value) return;
  const said = await page.evaluate(saidBy);
  assert.ok(said.includes(value), `${name} does not say ${value}: ${said.slice(0, 2000)}`);
}

/** One page with all its tabs, as wide as a desk and as a telephone. */
async function visit({ portal, stage }, one, { at, ...ids }, value) {
  const { page } = portal;
  const name = `${one.name} of ${value || 'all'}`;
  await portal.open(addressOf(one, ids));
  const tabs = one.tabs ? await page.getByRole('main').getByRole('tab').allInnerTexts() : [''];
  for (const tab of tabs) {
    if (tab) await page.getByRole('main').getByRole('tab', { name: tab, exact: true }).click();
    await portal.settle();
    await isText(page, `${tab} ${name}`, value);
    await page.setViewportSize(SIZES.phone);
    await portal.settle();
    await stage.expectNoSideScroll();
    await stage.shot(`hostile-${one.name}-${tab || 'all'}-${at}`, false);
    await page.setViewportSize(SIZES.desktop);
  }
}

/** What an object is called, which may be a part of the value. */
function nameIn(made, kind) {
  const { title, first_name, display_name, name } = made[kind === 'run' ? 'source' : kind];
  return title ?? first_name ?? display_name ?? name;
}

/** A page of each kind for each value, and every other page once. */
async function walkThrough({ portal, stage }, filled, isWanted) {
  const session = await portal.page.evaluate(async () => (await fetch('/api/v1/session')).json());
  for (const one of PAGES.filter(isWanted)) {
    const kind = /\$(\w+)$/.exec(one.route)?.[1];
    const isAbout = kind && kind !== 'tenant' && !one.route.startsWith('/users/');
    for (const at of isAbout ? HOSTILE.keys() : [0]) {
      const made = Object.entries(filled[at]).map(([name, { id }]) => [name, id]);
      const ids = { ...Object.fromEntries(made), tenant: session.tenant, at };
      if (!isAbout) ids.user = session.user;
      await visit({ portal, stage }, one, ids, isAbout && nameIn(filled[at], kind));
    }
  }
}

async function lists_name_what_they_hold({ portal }) {
  const { page } = portal;
  for (const list of [
    'contacts',
    'groups',
    'sites',
    'publications',
    'domains',
    'sources',
    'users',
  ]) {
    await portal.page
      .getByRole('link', { name: new RegExp(`^${list}`, 'i') })
      .first()
      .click();
    await portal.settle();
    for (const value of HOSTILE) await isText(page, list, value);
  }
  for (const list of [
    'Enquiries',
    'Audit',
    'Alerts',
    'Profiles',
    'Templates',
    'Identity providers',
  ]) {
    await portal.page.getByRole('link', { name: list, exact: true }).first().click();
    await portal.settle();
    await isText(page, list, NAME);
  }
}

async function what_is_found_asked_and_told_is_text({ portal }) {
  const { page } = portal;
  await portal.page.getByRole('link', { name: 'Contacts', exact: true }).first().click();
  await portal.search('h0@example.com');
  await page.getByText('1 entry').waitFor();
  await portal.settle();
  await page.getByRole('button', { name: `Actions for ${NAME}`, exact: true }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByText(/It leaves the group/).waitFor();
  await isText(page, 'the question', NAME);
  await page.getByRole('button', { name: 'Delete contact' }).click();
  await portal.told(NAME);
  await page.getByRole('button', { name: 'Undo' }).click();
  await portal.told(`${NAME} is back.`);
  await isText(page, 'the answer', NAME);
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search or go to' }).fill('img src');
  await page.getByRole('option').first().waitFor();
  await isText(page, 'the palette', NAME);
  await page.keyboard.press('Escape');
}

/** The widget of each value, in both languages, and the form that opens. */
async function theWidget(stage, site) {
  const { page } = stage;
  await page.addInitScript(trap);
  await page.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
      console.error(`the policy forbids ${blockedURI} by ${effectiveDirective}`);
    }),
  );
  for (const [at, value] of HOSTILE.entries()) {
    for (const language of ['en', 'de']) {
      await page.goto(`${site.url}/${at}-${language}.html`);
      const card = page.locator('switchboard-contacts .card').first();
      await card.waitFor();
      assert.equal(await card.locator('.name').first().textContent(), value);
      await page.locator('switchboard-contacts .open').click();
      await page.locator('switchboard-contacts form').waitFor();
      await isText(page, `the widget in ${language}`, value);
      await page.setViewportSize(SIZES.phone);
      await stage.expectNoSideScroll();
      await stage.shot(`hostile-widget-${at}-${language}`);
      await page.setViewportSize(SIZES.desktop);
    }
  }
}

/** Does `act` in a browser of its own; `bypassCSP` lets whatever gets in run. */
async function inBrowser(name, bypassCSP, act) {
  const browser = await launch({ bypassCSP });
  const stage = await openStage(browser.context, values.shots);
  const asked = [];
  stage.page.on('dialog', (dialog) => {
    asked.push(dialog.message());
    return dialog.dismiss();
  });
  // Asking who is signed in when nobody is.
  stage.allow(/Failed to load resource: .* status of 401/);
  const quietly = async () => {
    await act(stage);
    assert.deepEqual(asked, []);
  };
  await attempt(name, stage, quietly, { shot: `hostile-failed-${bypassCSP}` });
  await stage.close();
  await browser.close();
}

async function openAs(stage, tenant, name) {
  await stage.page.addInitScript(trap);
  const portal = await openPortalAt(stage, url);
  await portal.signIn(tenant, name, PASSWORD);
  await portal.arrived();
  return { portal, stage };
}

const { admin, root, tenant } = await firstTenant(url, token, NAME);
const pages = {};
const site = await serveWebsite({ gateway: url, pages });
const { host } = new URL(site.url);
const company = { url, admin, root, tenant, folder, home: `/tenants/${tenant}` };
const hosts = HOSTILE.map((_, at) => (at === 0 ? host : `h${at}.example.com`));
const filled = await fill({ ...company, hosts });
const [{ domain }] = filled;
for (const [at, { publication }] of filled.entries()) {
  await admin.patch(`${company.home}/publications/${publication.id}`, { domains: [domain.id] });
  for (const language of ['en', 'de']) {
    const page = pageOf({ gateway: url, publication: publication.key, language });
    pages[`/${at}-${language}.html`] = page;
  }
}
console.log('ok    every kind of object took every value, or said why not');
await inBrowser('no value is more than text in the portal of the tenant', true, async (stage) => {
  const opened = await openAs(stage, NAME, 'admin');
  await lists_name_what_they_hold(opened);
  await what_is_found_asked_and_told_is_text(opened);
  await walkThrough(opened, filled, ({ isPlatform }) => !isPlatform);
});
await inBrowser('no value is more than text in the portal of the platform', true, async (stage) => {
  const opened = await openAs(stage, '', 'root');
  await walkThrough(opened, filled, ({ isPlatform }) => isPlatform);
});
for (const isOpen of [true, false]) {
  const where = isOpen ? 'on a page without a policy' : 'under a strict policy';
  await inBrowser(`no value is more than text in the widget ${where}`, isOpen, (stage) =>
    theWidget(stage, site),
  );
}
await site.close();
