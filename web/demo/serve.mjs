/**
 * Serves the demonstration website on an origin of its own, with a strict policy.
 *
 *   node serve.mjs --gateway http://127.0.0.1:8080 --services KEY --team KEY [--port 8090] [--host 127.0.0.1]
 *
 * Prints `listening http://…` when it is ready. Needs nothing but node and `dist`.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { parseArgs } from 'node:util';

const FOLDER = join(import.meta.dirname, 'dist');
const FILES = {
  '/': 'index.html',
  '/index.html': 'index.html',
  '/de.html': 'de.html',
  '/site.css': 'site.css',
  '/logo.svg': 'logo.svg',
};
const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** What the pages may do: their own style and pictures, and everything else only with the gateway. */
function policy(gateway) {
  return [
    "default-src 'none'",
    `script-src ${gateway}`,
    "style-src 'self'",
    `img-src 'self' ${gateway}`,
    `connect-src ${gateway}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Starts the website; `services` and `team` are publication keys. */
export async function serveDemo({ gateway, services, team, port = 0, host = '127.0.0.1' }) {
  const { origin } = new URL(gateway);
  const values = { __GATEWAY__: origin, __SERVICES__: services, __TEAM__: team };
  for (const key of [services, team]) {
    if (!/^[\w.-]+$/.test(key ?? '')) throw new Error(`not a publication key: ${key}`);
  }
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://demo');
    const file = FILES[pathname];
    if (!file) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('not found');
      return;
    }
    const text = await readFile(join(FOLDER, file), 'utf8');
    response.writeHead(200, {
      'content-type': TYPES[extname(file)],
      'content-security-policy': policy(origin),
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-cache',
    });
    response.end(text.replace(/__[A-Z]+__/g, (name) => values[name] ?? name));
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    url: `http://${host}:${server.address().port}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const text = { type: 'string' };
  const { values } = parseArgs({
    options: { gateway: text, services: text, team: text, port: text, host: text },
  });
  try {
    const site = await serveDemo({ ...values, port: Number(values.port ?? 8090) });
    console.log(`listening ${site.url}`);
  } catch (error) {
    console.error(`demo website: ${error.message}`);
    process.exitCode = 1;
  }
}
