/** What the programs have in common that do something in the portal of a running gateway. */
import { mkdir } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { attempt } from './attempt.mjs';
import { launch } from './browser.mjs';
import { openPortalAt } from './portal-stage.mjs';
import { openStage } from './stage.mjs';

/**
 * Does, one after the other, what `actsOf` makes of the JSON object on standard input, each as its name
 * and what is done; in the portal of its "url", at the path that `pathOf` makes of it. Says each step on
 * standard output, and what it gives back as "told NAME VALUE"; the program ends with 1 when one fails, or
 * when the browser complained of what is not allowed. With `--shots FOLDER` pictures are kept there, with
 * `isPictured` one after each step.
 */
export async function perform({ program, allowed, pathOf = () => '', actsOf, isPictured = false }) {
  const { values } = parseArgs({ options: { shots: { type: 'string' } } });
  if (values.shots) await mkdir(values.shots, { recursive: true });
  const given = JSON.parse(await text(process.stdin));
  const browser = await launch();
  const stage = await openStage(browser.context, values.shots);
  try {
    stage.allow(allowed);
    const portal = await openPortalAt(stage, given.url, { path: pathOf(given) });
    for (const [name, act] of actsOf(given)) {
      const step = async () => {
        const told = (await act(portal, { ...given, isThorough: stage.hasShots })) ?? {};
        for (const [key, value] of Object.entries(told)) console.log(`told  ${key} ${value}`);
        if (isPictured) await stage.shot(name, true);
      };
      if (!(await attempt(name, stage, step, { shot: `${program}-failed` }))) break;
    }
  } finally {
    await stage.close();
    await browser.close();
  }
}
