/** The widget as a module, on pages with a strict policy. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { everyState } from '../company.mjs';

/** What a program that puts pages together finds under the package's name. */
const PACKAGE = fileURLToPath(import.meta.resolve('@switchboard/widget'));

const pageOf =
  (around = '') =>
  ({ publication }) =>
    `<!doctype html><html lang="de"><head><meta charset="utf-8"><title>Kontakte</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/page.css">${around}
<script type="module" src="/page.js"></script></head><body><main><h1>Kontakte</h1>
<switchboard-contacts publication="${publication}"></switchboard-contacts></main></body></html>`;

export async function the_package_is_a_module_that_defines_the_element(stage) {
  const { page, show } = stage;
  const module = await readFile(PACKAGE, 'utf8');
  const { feed } = await show({
    cards: everyState(),
    html: pageOf(),
    scripts: (gateway) => ({
      '/vendor.js': module,
      '/page.js': `import { define } from './vendor.js'; define({ gateway: '${gateway}' });`,
    }),
  });

  assert.equal(await page.locator('.card').count(), 8);
  assert.equal(await page.locator('.card .label').first().textContent(), 'Verfügbar');
  assert.deepEqual(feed.loaded, ['de.js'], 'parts come from the gateway');
}

export async function the_gateway_serves_the_module_which_knows_where_it_is_from(stage) {
  const { page, show } = stage;
  const { feed } = await show({
    cards: everyState(),
    html: pageOf(),
    scripts: (gateway) => ({
      '/page.js': `import { define, SwitchboardContacts } from '${gateway}/widget/module.js';
define();
define();
document.title = String(document.querySelector('switchboard-contacts') instanceof SwitchboardContacts);`,
    }),
  });

  assert.equal(await page.title(), 'true');
  assert.deepEqual(feed.loaded, ['module.js', 'de.js']);
}

export async function module_and_script_tag_may_both_be_there(stage) {
  const { page, show } = stage;
  await show({
    cards: everyState(),
    html: (of) => pageOf(`<script async src="${of.gateway}/widget/v1.js"></script>`)(of),
    scripts: (gateway) => ({
      '/page.js': `import { define } from '${gateway}/widget/module.js'; define();`,
    }),
  });

  assert.equal(await page.locator('.card').count(), 8);
}
