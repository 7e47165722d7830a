/** Serves files of a folder, and pages made by the caller, on an origin of its own. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** `pages` maps paths to HTML; `policy` is the Content-Security-Policy of everything served. */
export async function serveStatic({ folder, pages = {}, policy }) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://static');
    const path = pathname.endsWith('/') ? `${pathname}index.html` : pathname;
    response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream');
    if (policy) response.setHeader('content-security-policy', policy);
    try {
      response.end(pages[path] ?? (await readFile(join(folder, normalize(path)))));
    } catch {
      response.writeHead(404).end('not found');
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
