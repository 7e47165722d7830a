/**
 * The portal as a running gateway serves it, for another program: signs in both ways, walks every
 * page in both languages, works with a contact, and starts a run.
 *
 *   node portal-live.mjs [--shots FOLDER]     environment: CHROMIUM
 *
 * Standard input is one JSON object: "url" of the gateway; "link", with which the administrator of a
 * tenant signs in once; "tenant" and "password", with which "admin" of the tenant and "admin" of the
 * platform do; "newcomer", the name of somebody whom the next run of the tenant's source adds.
 *
 * With a folder, a page is looked at in both sizes and both themes, and pictures are kept there.
 * Says each step on standard output; ends with 1 when one fails, or when the browser complained.
 */
import { mkdir } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { launch } from './browser.mjs';
import { ACTS, EXPECTED_REFUSALS } from './portal-live-acts.mjs';
import { openPortalAt } from './portal-stage.mjs';
import { openStage } from './stage.mjs';

const { values } = parseArgs({ options: { shots: { type: 'string' } } });
if (values.shots) await mkdir(values.shots, { recursive: true });
const given = JSON.parse(await text(process.stdin));
const browser = await launch();
const stage = await openStage(browser.context, values.shots);
let step = '';
try {
  stage.allow(EXPECTED_REFUSALS);
  const { hash } = new URL(given.link, given.url);
  const portal = await openPortalAt(stage, given.url, { path: hash });
  for (const act of ACTS) {
    step = act.name.replaceAll('_', ' ');
    const from = Date.now();
    await act(portal, { ...given, isThorough: Boolean(values.shots) });
    stage.expectQuiet();
    console.log(`ok    ${step} (${Date.now() - from} ms)`);
  }
} catch (error) {
  console.log(`FAIL  ${step} at ${stage.page.url()}\n${error.stack}`);
  await stage.shot('live-failed');
  process.exitCode = 1;
} finally {
  await stage.close();
  await browser.close();
}
