/**
 * Runs widget and portal in Chromium: every file of `scenarios`, one after another.
 *
 *   node run.mjs [--shots FOLDER] [name…]      environment: CHROMIUM
 *
 * A name stands for its file and those that begin with it: `portal` for `portal-contacts` as well.
 *
 * Screenshots go to the folder, when one is given. Ends with 1 when a scenario fails.
 */
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launch } from './browser.mjs';
import { openStage } from './stage.mjs';

const { values, positionals } = parseArgs({
  options: { shots: { type: 'string' } },
  allowPositionals: true,
});
if (values.shots) await mkdir(values.shots, { recursive: true });

const folder = join(import.meta.dirname, 'scenarios');
const browser = await launch();
let failures = 0;
let total = 0;
for (const file of (await readdir(folder)).sort()) {
  const area = file.replace('.mjs', '');
  const isWanted = positionals.some((name) => area === name || area.startsWith(`${name}-`));
  if (positionals.length && !isWanted) continue;
  for (const [name, scenario] of Object.entries(await import(join(folder, file)))) {
    total += 1;
    const from = Date.now();
    const context = await browser.open();
    const stage = await openStage(context, values.shots);
    try {
      await scenario(stage);
      stage.expectQuiet();
      console.log(`ok    ${area}: ${name.replaceAll('_', ' ')} (${Date.now() - from} ms)`);
    } catch (error) {
      failures += 1;
      console.log(`FAIL  ${area}: ${name.replaceAll('_', ' ')}\n${error.stack}`);
      await stage.shot(`failed-${name}`);
    } finally {
      await stage.close();
      await context.close();
    }
  }
}
await browser.close();
console.log(`${total - failures} of ${total} scenarios passed`);
process.exitCode = failures || !total ? 1 : 0;
