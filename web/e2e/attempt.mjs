/** What every program here does step by step: a line for each, and a picture of what failed. */

/**
 * Does `act` on `stage` and says how that went; the browser must not have complained. `name` may be that of a
 * function. Gives back whether all went well; the program ends with 1 otherwise.
 */
export async function attempt(name, stage, act, { shot = 'failed', say = console.log } = {}) {
  const spoken = name.replaceAll('_', ' ');
  const from = Date.now();
  try {
    await act();
    stage.expectQuiet();
    say(`ok    ${spoken} (${Date.now() - from} ms)`);
    return true;
  } catch (error) {
    say(`FAIL  ${spoken} at ${stage.page.url()}\n${error.stack}`);
    // A page that is gone has no picture; why the step failed is said all the same.
    await stage.shot(shot).catch(({ message }) => say(`      without a picture: ${message}`));
    process.exitCode = 1;
    return false;
  }
}
