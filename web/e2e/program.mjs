/** Starts the program `switchboard` in a folder of its own, which goes with it. */
import { spawn } from 'node:child_process';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** How long a program may take until it is there, in milliseconds. */
const START_MS = 120_000;

const ROOT = join(import.meta.dirname, '../..');

/** A gateway over an empty store: where it is, its folder, and the token of its set-up link. */
export async function startEmpty(binary) {
  const url = `http://127.0.0.1:${await freePort()}`;
  return started(binary, async (folder) => {
    const settings = `[server]
listen = "${new URL(url).host}"
[database]
url = "sqlite:${join(folder, 'switchboard.db')}"
[sources]
file_folder = "${join(folder, 'sources')}"
`;
    const file = join(folder, 'switchboard.toml');
    await writeFile(file, settings);
    const ready = async (log) => {
      const found = /\/setup#([\w-]+)/.exec(log);
      const isThere = found && (await fetch(`${url}/healthz`).catch(() => null));
      return isThere && { url, folder, token: found[1] };
    };
    return { options: ['--config', file, 'serve'], ready };
  });
}

/** The demo with its two companies: where it is, its website, and links that sign in once. */
export async function startDemo(binary) {
  const [port, websitePort] = [await freePort(), await freePort()];
  return started(binary, async (folder) => {
    const options = Object.entries({
      port,
      'website-port': websitePort,
      folder: join(folder, 'run'),
      companies: join(ROOT, 'config/demo'),
      website: join(ROOT, 'web/demo/serve.mjs'),
    });
    const ready = async (log) => {
      const link = (of) => new RegExp(`Portal of ${of}\\S*\\s+(\\S+)`).exec(log)?.[1];
      return (
        log.includes('Ctrl-C ends it') && {
          url: `http://127.0.0.1:${port}`,
          website: `http://127.0.0.1:${websitePort}/`,
          link: link('Brightmoor'),
        }
      );
    };
    return {
      options: ['demo', ...options.flatMap(([name, value]) => [`--${name}`, value])],
      ready,
    };
  });
}

/** Starts it, and waits until what it logs and answers says that it is there. */
async function started(binary, prepare) {
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-e2e-'));
  const { options, ready } = await prepare(folder);
  const log = join(folder, 'log');
  const file = await open(log, 'a+');
  const program = spawn(binary, options, { stdio: ['ignore', file.fd, file.fd] });
  const ended = new Promise((resolve) => {
    program.once('exit', resolve);
    program.once('error', resolve);
  });
  const close = async () => {
    program.kill();
    await ended;
    await file.close();
    await rm(folder, { recursive: true });
  };
  const until = Date.now() + START_MS;
  while (program.exitCode === null && program.pid && Date.now() < until) {
    const found = await ready(await readFile(log, 'utf8'));
    if (found) return { ...found, close };
    await pause(50);
  }
  const said = await readFile(log, 'utf8');
  const what = Date.now() < until ? 'ended' : `was not there after ${START_MS} ms`;
  await close();
  throw new Error(`${binary} ${what}: ${said}`);
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
