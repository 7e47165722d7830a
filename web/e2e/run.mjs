/**
 * Runs widget and portal in Chromium: every scenario of `scenarios`, in processes that each have a browser of their
 * own (`run-worker.mjs`) and take the next one as soon as they are through with theirs.
 *
 *   node run.mjs [--shots FOLDER] [--workers 2] [--limit 10] [--scenarios FOLDER] [name…]      environment: CHROMIUM
 *
 * A name stands for its file and those that begin with it: `portal` for `portal-contacts` as well.
 *
 * A process that is not through with a scenario within the limit, in minutes, is ended, and another takes its place.
 * Screenshots go to the folder, when one is given. Ends with 1 when a scenario fails, with 2 when it was called wrongly.
 *
 * Of scenarios that fail up to three are tried once more, when nothing else runs: what fails twice is broken, what fails
 * once was not steady on a busy machine, which is said at the end.
 */
import { fork } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { optionsOf, SAYS, wanted } from './options.mjs';

/** So many that fail may be the machine's fault; more are not. */
const MOST_TRIED_AGAIN = 3;
/** Whose scenarios take longest: begun last, one would go on alone. */
const LONG = ['portal-pages', 'portal-many', 'portal-publications'];

const { shots, workers, minutes, folder, areas } = await told().catch(({ message }) => {
  console.error(`${message}\n  ${SAYS}`);
  process.exit(2);
});
if (shots) await mkdir(shots, { recursive: true });

/** What is wanted, and where it is. */
async function told() {
  const { scenarios, names, ...options } = optionsOf(process.argv.slice(2));
  const folder = resolve(scenarios ?? join(import.meta.dirname, 'scenarios'));
  const files = (await readdir(folder)).sort().map((file) => file.replace('.mjs', ''));
  const first = LONG.filter((area) => files.includes(area));
  const all = [...first, ...files.filter((area) => !first.includes(area))];
  return { ...options, folder, areas: wanted(all, names) };
}

const queue = [];
for (const area of areas) {
  const scenarios = Object.keys(await import(join(folder, `${area}.mjs`)));
  queue.push(...scenarios.map((name) => ({ area, name })));
}

const total = queue.length;
const limitMs = minutes * 60_000;
const failed = [];

/** Gives scenarios to one process after another, each of which goes on until it is gone. */
async function work() {
  while (await serve());
}

/** Gives scenarios to a process until there are none left, or it is gone; says whether it was lost over one. */
function serve() {
  const worker = fork(join(import.meta.dirname, 'run-worker.mjs'), [folder, shots ?? '']);
  let doing = null;
  let timer;
  let isLate = false;
  const watch = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      isLate = true;
      worker.kill('SIGKILL');
    }, limitMs);
  };
  watch();
  const next = () => {
    watch();
    doing = queue.shift();
    // Whether it is gone already is said by its end.
    if (doing) worker.send(doing, () => {});
    else worker.disconnect();
  };
  // The first one says that it is ready.
  worker.on('message', ({ said, isOk, isDone }) => {
    if (said) console.log(said);
    if (isDone && doing && !isOk) failed.push(doing);
    if (isDone) next();
  });
  return new Promise((end) => {
    worker.once('exit', (code, signal) => {
      clearTimeout(timer);
      const how = isLate ? `was not through in ${minutes} minutes` : 'ended its process';
      if (doing) {
        failed.push(doing);
        console.log(`FAIL  ${doing.area}: ${doing.name} ${how} (${code ?? signal})`);
      }
      end(Boolean(doing) && queue.length > 0);
    });
  });
}

await Promise.all(Array.from({ length: Math.min(workers, total) }, work));
// A process that cannot begin leaves to others what there is to do, and there may be none.
const undone = queue.splice(0);
for (const one of undone) console.log(`FAIL  ${one.area}: ${one.name} was never begun`);
const isHopeless = undone.length > 0 || failed.length > MOST_TRIED_AGAIN;
const unsteady = isHopeless ? [] : failed.splice(0);
if (unsteady.length) {
  console.log(`\nOnce more, alone: ${unsteady.length}`);
  queue.push(...unsteady);
  await work();
  failed.push(...queue.splice(0));
}
failed.push(...undone);
for (const one of unsteady.filter((each) => !failed.includes(each))) {
  console.log(`UNSTEADY  ${one.area}: ${one.name} passed only the second time`);
}
console.log(`${total - failed.length} of ${total} scenarios passed`);
process.exitCode = failed.length || !total ? 1 : 0;
