/** Runs the scenarios that `run.mjs` names, one after another, in a browser of its own. */
import { once } from 'node:events';
import { join } from 'node:path';
import { attempt } from './attempt.mjs';
import { launch } from './browser.mjs';
import { openStage } from './stage.mjs';

const [folder, shots] = process.argv.slice(2);
const browser = await launch();
process.on('message', async ({ area, name }) => {
  let isOk = false;
  try {
    const scenarios = await import(join(folder, `${area}.mjs`));
    const context = await browser.open();
    const stage = await openStage(context, shots || undefined);
    isOk = await attempt(`${area}: ${name}`, stage, () => scenarios[name](stage), {
      shot: `failed-${name}`,
      // At once: what comes after it may never end.
      say: (said) => process.send({ said }),
    });
    await stage.close();
    await context.close();
  } catch (error) {
    isOk = false;
    process.send({ said: `FAIL  ${area}: ${name} before or after it\n${error.stack}` });
  } finally {
    process.send({ isOk, isDone: true });
  }
});
process.send({ isDone: true });
await once(process, 'disconnect');
await browser.close();
