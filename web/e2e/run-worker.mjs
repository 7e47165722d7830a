/** Runs the scenarios that `run.mjs` names, one after another, in a browser of its own. */
import { once } from 'node:events';
import { join } from 'node:path';
import { attempt } from './attempt.mjs';
import { launch } from './browser.mjs';
import { openStage } from './stage.mjs';

const shots = process.argv[2] || undefined;
const browser = await launch();
process.on('message', async ({ area, name }) => {
  const scenarios = await import(join(import.meta.dirname, 'scenarios', `${area}.mjs`));
  const context = await browser.open();
  const stage = await openStage(context, shots);
  let said = '';
  const isOk = await attempt(`${area}: ${name}`, stage, () => scenarios[name](stage), {
    shot: `failed-${name}`,
    say: (line) => {
      said = line;
    },
  });
  await stage.close();
  await context.close();
  process.send({ said, isOk });
});
process.send({});
await once(process, 'disconnect');
await browser.close();
