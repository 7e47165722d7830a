/** A gateway of its own with one tenant, whose contacts come from a file. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const PASSWORD = 'correct horse battery staple';
const FIRST = ['Anna', 'Björn', 'Chloë', 'Dragan', 'Émile', 'Fatima', 'Giulia', 'Hakan'];
const LAST = ['Müller', 'Nowak', 'Sørensen', 'Brunner', 'Weißbach', 'Łukasik', "O'Neil", 'Özdemir'];

/** Starts the program at `binary` over an empty store, and fills it with `count` contacts. */
export async function startGateway(binary, count) {
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-bench-'));
  const url = `http://127.0.0.1:${await freePort()}`;
  const settings = `[server]
listen = "${new URL(url).host}"
[database]
url = "sqlite:${join(folder, 'switchboard.db')}"
[sources]
file_folder = "${join(folder, 'sources')}"
`;
  await writeFile(join(folder, 'switchboard.toml'), settings);
  const log = join(folder, 'log');
  const file = await open(log, 'a+');
  const program = spawn(binary, ['--config', join(folder, 'switchboard.toml'), 'serve'], {
    stdio: ['ignore', file.fd, file.fd],
  });
  const close = async () => {
    program.kill();
    await new Promise((resolve) => program.once('exit', resolve));
    await file.close();
    await rm(folder, { recursive: true });
  };
  const token = await tokenIn(log, program, url);
  const client = new Client(url);
  await client.ask('POST', '/setup', { token, name: 'root', password: PASSWORD });
  await client.signIn({ name: 'root' });
  const tenant = (await client.ask('POST', '/tenants', { name: 'Example' })).id;
  const home = `/tenants/${tenant}`;
  const user = (await client.ask('POST', `${home}/users`, { name: 'admin' })).id;
  await client.ask('PUT', `${home}/users/${user}/password`, { password: PASSWORD });
  const scope = { kind: 'tenant', id: tenant };
  await client.ask('POST', `${home}/grants`, { user, role: 'tenant', scope });
  await client.signIn({ name: 'admin', tenant: 'Example' });
  await mkdir(join(folder, 'sources', tenant), { recursive: true });
  await writeFile(join(folder, 'sources', tenant, 'people.csv'), peopleOf(count));
  const connection = { kind: 'file', path: 'people.csv', format: 'csv' };
  const source = (await client.ask('POST', `${home}/sources`, { name: 'People', connection })).id;
  const run = (await client.ask('POST', `${home}/sources/${source}/runs`, {})).id;
  for (;;) {
    const { state } = await client.ask('GET', `${home}/runs/${run}`);
    if (state === 'succeeded') break;
    if (['failed', 'cancelled', 'stale'].includes(state)) throw new Error(`the run ${state}`);
    await pause(500);
  }
  return { url, tenant, password: PASSWORD, close };
}

/** Somebody signed in with the API. */
class Client {
  #headers = { 'content-type': 'application/json' };

  constructor(url) {
    this.url = url;
  }

  async signIn(fields) {
    const response = await this.#send('POST', '/session', { ...fields, password: PASSWORD });
    const cookie = response.headers.get('set-cookie').split(';')[0];
    this.#headers = {
      ...this.#headers,
      cookie,
      'x-csrf-token': (await response.json()).csrf_token,
    };
  }

  async ask(method, path, body) {
    const text = await (await this.#send(method, path, body)).text();
    return text ? JSON.parse(text) : undefined;
  }

  async #send(method, path, body) {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: this.#headers,
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    return response;
  }
}

/** The one-time token that a program writes into its log at its first start, once it listens. */
async function tokenIn(log, program, url) {
  while (program.exitCode === null) {
    const found = /\/setup#([\w-]+)/.exec(await readFile(log, 'utf8'));
    const isThere = found && (await fetch(`${url}/healthz`).catch(() => null));
    if (isThere) return found[1];
    await pause(50);
  }
  throw new Error(`the gateway ended: ${await readFile(log, 'utf8')}`);
}

function peopleOf(count) {
  const lines = Array.from({ length: count }, (_, at) => {
    const [first, last] = [FIRST[at % 8], LAST[Math.floor(at / 8) % 8]];
    return `${at},${first} ${last} ${at},p${at}@example.com,sip:p${at}@example.com,${first},${last},Engineer ${at % 97}`;
  });
  return `external_id,display_name,mail,sip,first_name,last_name,job_title\n${lines.join('\n')}\n`;
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
