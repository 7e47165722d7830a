/**
 * Runs widget and portal in Chromium: every scenario of `scenarios`, in processes that each have a browser of their
 * own (`run-worker.mjs`) and take the next one as soon as they are through with theirs.
 *
 *   node run.mjs [--shots FOLDER] [--workers 2] [--limit 10] [name…]      environment: CHROMIUM
 *
 * A name stands for its file and those that begin with it: `portal` for `portal-contacts` as well.
 *
 * A process that is not through with a scenario within the limit, in minutes, is ended, and another takes its place.
 * Screenshots go to the folder, when one is given. Ends with 1 when a scenario fails.
 *
 * Of scenarios that fail up to three are tried once more, when nothing else runs: what fails twice is broken, what fails
 * once was not steady on a busy machine, which is said at the end.
 */
import { fork } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const FOLDER = join(import.meta.dirname, 'scenarios');
/** So many that fail may be the machine's fault; more are not. */
const MOST_TRIED_AGAIN = 3;
/** Whose scenarios take longest: begun last, one would go on alone. */
const LONG = ['portal-pages', 'portal-many', 'portal-publications'];

const { values, positionals } = parseArgs({
  options: {
    shots: { type: 'string' },
    workers: { type: 'string', default: '2' },
    limit: { type: 'string', default: '10' },
  },
  allowPositionals: true,
});
if (values.shots) await mkdir(values.shots, { recursive: true });

const isWanted = (area) =>
  !positionals.length || positionals.some((name) => area === name || area.startsWith(`${name}-`));
const files = (await readdir(FOLDER)).sort().map((file) => file.replace('.mjs', ''));
const areas = [...LONG, ...files.filter((area) => !LONG.includes(area))].filter(isWanted);
const queue = [];
for (const area of areas) {
  const scenarios = Object.keys(await import(join(FOLDER, `${area}.mjs`)));
  queue.push(...scenarios.map((name) => ({ area, name })));
}

const total = queue.length;
const limitMs = Number(values.limit) * 60_000;
const failed = [];

/** Gives scenarios to one process after another, each of which goes on until it is gone. */
async function work() {
  while (await serve());
}

/** Gives scenarios to a process until there are none left, or it is gone; says whether it was lost over one. */
function serve() {
  const worker = fork(join(import.meta.dirname, 'run-worker.mjs'), [values.shots ?? '']);
  let doing = null;
  let timer;
  let isLate = false;
  const next = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      isLate = true;
      worker.kill('SIGKILL');
    }, limitMs);
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
  return new Promise((resolve) => {
    worker.once('exit', (code, signal) => {
      clearTimeout(timer);
      const how = isLate ? `was not through in ${values.limit} minutes` : 'ended its process';
      if (doing) {
        failed.push(doing);
        console.log(`FAIL  ${doing.area}: ${doing.name} ${how} (${code ?? signal})`);
      }
      resolve(Boolean(doing) && queue.length > 0);
    });
  });
}

await Promise.all(Array.from({ length: Math.min(Number(values.workers), total) }, work));
const unsteady = failed.length > MOST_TRIED_AGAIN ? [] : failed.splice(0);
if (unsteady.length) {
  console.log(`\nOnce more, alone: ${unsteady.length}`);
  queue.push(...unsteady);
  await work();
}
for (const one of unsteady.filter((each) => !failed.includes(each))) {
  console.log(`UNSTEADY  ${one.area}: ${one.name} passed only the second time`);
}
console.log(`${total - failed.length} of ${total} scenarios passed`);
process.exitCode = failed.length || !total ? 1 : 0;
