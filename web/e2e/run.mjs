/**
 * Runs widget and portal in Chromium: every scenario of `scenarios`, in processes that each have a browser of their
 * own (`run-worker.mjs`) and take the next one as soon as they are through with theirs.
 *
 *   node run.mjs [--shots FOLDER] [--workers 2] [name…]      environment: CHROMIUM
 *
 * A name stands for its file and those that begin with it: `portal` for `portal-contacts` as well.
 *
 * Screenshots go to the folder, when one is given. Ends with 1 when a scenario fails.
 */
import { fork } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const FOLDER = join(import.meta.dirname, 'scenarios');
/** Whose scenarios take longest: begun last, one would go on alone. */
const LONG = ['portal-pages', 'portal-many', 'portal-publications'];

const { values, positionals } = parseArgs({
  options: { shots: { type: 'string' }, workers: { type: 'string', default: '2' } },
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
let passed = 0;

/** Gives scenarios to a process until there are none left, or it is gone. */
function work() {
  const worker = fork(join(import.meta.dirname, 'run-worker.mjs'), [values.shots ?? '']);
  let doing = null;
  const next = () => {
    doing = queue.shift();
    if (doing) worker.send(doing);
    else worker.disconnect();
  };
  // The first one says that it is ready.
  worker.on('message', ({ said, isOk }) => {
    if (said) console.log(said);
    if (isOk) passed += 1;
    next();
  });
  return new Promise((resolve) => {
    worker.once('exit', (code) => {
      if (doing) console.log(`FAIL  ${doing.area}: ${doing.name} ended its process with ${code}`);
      resolve();
    });
  });
}

await Promise.all(Array.from({ length: Math.min(Number(values.workers), total) }, work));
console.log(`${passed} of ${total} scenarios passed`);
process.exitCode = passed < total || !total ? 1 : 0;
