/**
 * What somebody sees of a gateway that was just started, for another program: the page that makes the
 * first user, in both languages, and the documentation of the API, without a network.
 *
 *   node first-start.mjs [--shots FOLDER] [--start PATH_OF_SWITCHBOARD]     environment: CHROMIUM
 *
 * Standard input is one JSON object: "url" of the gateway, and "token", which its set-up link holds; or the program is
 * started here.
 *
 * Says each step on standard output; ends with 1 when one fails, or when the browser complained.
 */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { attempt } from './attempt.mjs';
import { launch } from './browser.mjs';
import { PASSWORD } from './client.mjs';
import { LOOKS, SIZES } from './looks.mjs';
import { startEmpty } from './program.mjs';
import { openStage } from './stage.mjs';

const word = { type: 'string' };
const { values } = parseArgs({ options: { shots: word, start: word } });
if (values.shots) await mkdir(values.shots, { recursive: true });
const gateway = values.start
  ? await startEmpty(values.start)
  : JSON.parse(await text(process.stdin));
const { url, token } = gateway;
const NAME = 'root';

const WORDS = {
  en: {
    incomplete: 'The link is not complete',
    refused: 'The password does not do',
    used: 'This link was used or has expired.',
    done: 'Sign in to the portal',
    make: 'Make the user',
  },
  de: {
    incomplete: 'Der Link ist nicht vollständig',
    refused: 'Das Passwort passt nicht',
    used: 'Dieser Link wurde benutzt oder ist abgelaufen.',
    done: 'Im Portal anmelden',
    make: 'Benutzer anlegen',
  },
};

/** Looks at the page in both sizes and both themes. */
async function look({ page, expectAccessible, expectNoSideScroll, shot }, name, options = {}) {
  const { but, fullPage } = options;
  for (const { size, scheme } of LOOKS) {
    await page.setViewportSize(SIZES[size]);
    await page.emulateMedia({ colorScheme: scheme });
    await expectAccessible({ but });
    await expectNoSideScroll();
    await shot(`${name}-${size}-${scheme}`, fullPage);
  }
  await page.setViewportSize(SIZES.desktop);
}

async function submit(page, words, password) {
  await page.locator('input[name=name]').fill(NAME);
  await page.locator('input[name=password]').fill(password);
  await page.getByRole('button', { name: words.make }).click();
}

/** The first user is made in `language`, unless the link `isUsed`. */
const theFirstUser = (language, isUsed) => async (stage) => {
  const { page } = stage;
  const words = WORDS[language];
  const status = page.getByRole('status');
  await page.goto(`${url}/setup`);
  await status.getByText(words.incomplete).waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), language);
  await look(stage, `setup-${language}`);
  // Only what stands behind the sign differs, which loads nothing anew.
  await page.goto('about:blank');
  await page.goto(`${url}/setup#${token}`);
  await page.waitForFunction(() => location.hash === '');
  await submit(page, words, isUsed ? PASSWORD : NAME.repeat(4));
  await status.getByText(isUsed ? words.used : words.refused).waitFor();
  await look(stage, `setup-refused-${language}`);
  if (isUsed) return;
  await submit(page, words, PASSWORD);
  await page.getByRole('link', { name: words.done }).waitFor();
  await look(stage, `setup-done-${language}`);
  await page.getByRole('link', { name: words.done }).click();
  await page.locator('input[name=password]').waitFor();
};

const METHODS = ['get', 'put', 'post', 'patch', 'delete'];

/** What Swagger UI's own elements are like, which a style cannot change. */
const SWAGGERS = [
  'heading-order',
  'nested-interactive',
  'region',
  'scrollable-region-focusable',
  'select-name',
  'target-size',
];

/** The documentation asks nobody but the gateway. */
async function theDocumentation(stage) {
  const { page } = stage;
  const elsewhere = [];
  await page.route('**/*', (route) => {
    if (route.request().url().startsWith(`${url}/`)) return route.continue();
    elsewhere.push(route.request().url());
    return route.abort();
  });
  await page.goto(`${url}/api/docs`);
  await page
    .getByRole('heading', { name: /Switchboard/ })
    .first()
    .waitFor();
  // What is about one thing is folded away.
  await page.locator('.opblock-tag').first().waitFor();
  await look(stage, 'docs', { but: SWAGGERS, fullPage: false });
  const { paths } = await page.evaluate(async () => (await fetch('/api/v1/openapi.json')).json());
  const tags = Object.values(paths)
    .flatMap((path) => METHODS.flatMap((method) => path[method] ?? []))
    .map(({ tags: [tag] }) => tag);
  // One after the other: of more than a hundred only those in sight are drawn.
  for (const tag of new Set(tags)) {
    await page.locator(`#operations-tag-${tag}`).click();
    const all = tags.filter((of) => of === tag).length;
    const drawn = `[id^="operations-${tag}-"].opblock`;
    await page.waitForFunction(
      ([at, n]) => document.querySelectorAll(at).length === n,
      [drawn, all],
    );
    await page.locator(`#operations-tag-${tag}`).click();
  }
  await page.locator('#operations-tag-contacts').click();
  const operation = page.locator('#operations-contacts-list_contacts');
  await operation.getByRole('button').first().click();
  await operation.getByText('Responses', { exact: true }).waitFor();
  await look(stage, 'docs-operation', { but: SWAGGERS, fullPage: false });
  assert.deepEqual(elsewhere, []);
}

const STEPS = [
  ['the first user in German is told what is wrong, and made', 'de-DE', theFirstUser('de', false)],
  ['the first user in English is told that the link was used', 'en-GB', theFirstUser('en', true)],
  ['the documentation is drawn without a network', 'en-GB', theDocumentation],
];

try {
  for (const [step, locale, act] of STEPS) {
    const browser = await launch({ locale });
    const stage = await openStage(browser.context, values.shots);
    // Refusals are part of it.
    stage.allow(/Failed to load resource.*(401|422)/);
    await attempt(step, stage, () => act(stage), { shot: 'first-start-failed' });
    await stage.close();
    await browser.close();
  }
} finally {
  await gateway.close?.();
}
