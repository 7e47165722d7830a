/**
 * What `docs/directory-sync.md` tells an administrator to do, done in the portal of a running gateway
 * against a real directory, for another program.
 *
 *   node guide-live.mjs [--shots FOLDER]     environment: CHROMIUM
 *
 * Standard input is one JSON object: "acts", which of those of `guide-live-acts.mjs` are done, in this
 * order; "url" of the gateway; and what these acts need.
 *
 * Says each step on standard output, and what an act found out as "told NAME VALUE"; ends with 1 when a
 * step fails, or when the browser complained.
 */
import { mkdir } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { launch } from './browser.mjs';
import { ACTS } from './guide-live-acts.mjs';
import { openPortalAt } from './portal-stage.mjs';
import { openStage } from './stage.mjs';

const { values } = parseArgs({ options: { shots: { type: 'string' } } });
if (values.shots) await mkdir(values.shots, { recursive: true });
const given = JSON.parse(await text(process.stdin));
const browser = await launch();
const stage = await openStage(browser.context, values.shots);
let step = '';
try {
  // Asking who is signed in when nobody is.
  stage.allow(/Failed to load resource: .* status of 401/);
  const portal = await openPortalAt(stage, given.url);
  for (const name of given.acts) {
    step = name.replaceAll('_', ' ');
    const from = Date.now();
    const told = (await ACTS[name](portal, given)) ?? {};
    for (const [key, value] of Object.entries(told)) console.log(`told  ${key} ${value}`);
    if (values.shots) await stage.shot(name, true);
    stage.expectQuiet();
    console.log(`ok    ${step} (${Date.now() - from} ms)`);
  }
} catch (error) {
  console.log(`FAIL  ${step} at ${stage.page.url()}\n${error.stack}`);
  await stage.shot('guide-failed');
  process.exitCode = 1;
} finally {
  await stage.close();
  await browser.close();
}
