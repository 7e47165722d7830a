/** The built portal and operator, served as the gateway does: strict policy, every address is the one page. */
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';

const FOLDERS = {
  portal: join(import.meta.dirname, '../portal/dist'),
  operator: join(import.meta.dirname, '../operator/dist'),
};
const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Answers a request below `/portal/` or `/operator/`. */
export async function servePortal(pathname, response) {
  const [, name, path] = /^\/(portal|operator)\/(.*)$/.exec(pathname) ?? [];
  if (!name) return response.writeHead(404).end();
  const file = extname(path) ? normalize(path) : 'index.html';
  response.setHeader('content-security-policy', POLICY);
  response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream');
  if (file.startsWith('assets/')) {
    response.setHeader('cache-control', 'public, max-age=31536000, immutable');
  }
  try {
    response.end(await readFile(join(FOLDERS[name], file)));
  } catch {
    response.writeHead(404).end();
  }
}
