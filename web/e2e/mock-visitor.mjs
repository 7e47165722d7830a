/** What the mock gives visitors: the widget, and the publications of its places. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { card } from './company.mjs';
import { nameOf } from './mock-names.mjs';

const WIDGET = join(import.meta.dirname, '../widget/dist');
const SCRIPT = /^\/widget\/(\w+)\.js$/;
const PATH = /^\/api\/v1\/visitor\/publications\/([^/]+)\/(snapshot|stream)$/;

/** Answers what visitors ask; false when it is not for them. */
export async function answerVisitor({ url, response, company, places, isOriginRefused }) {
  const [, script] = SCRIPT.exec(url.pathname) ?? [];
  if (script) {
    response.setHeader('content-type', 'text/javascript; charset=utf-8');
    const name = script === 'v1' ? 'widget' : script;
    response.end(await readFile(join(WIDGET, `${name}.js`)));
    return true;
  }
  const [, key, kind] = PATH.exec(url.pathname) ?? [];
  if (!kind) return false;
  const publication = Object.entries(company)
    .filter(([path]) => path.endsWith('/publications'))
    .flatMap(([, all]) => all)
    .find((one) => one.key === decodeURIComponent(key) && one.is_enabled);
  if (!publication || isOriginRefused) {
    const slug = publication ? 'origin_not_allowed' : 'not_found';
    const status = publication ? 403 : 404;
    response.writeHead(status, { 'content-type': 'application/problem+json' });
    response.end(JSON.stringify({ type: `/problems/${slug}`, title: slug, status, detail: slug }));
    return true;
  }
  const body = JSON.stringify(snapshotOf(publication, company, places));
  if (kind === 'snapshot') {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(body);
    return true;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(`retry: 1000\n\nid: 1.1\nevent: snapshot\ndata: ${body}\n\n`);
  return true;
}

function snapshotOf(publication, company, places) {
  const find = (id) =>
    Object.entries(company)
      .filter(([path]) => /\/(contacts|groups)$/.test(path))
      .flatMap(([, all]) => all)
      .find((one) => one.id === id);
  const cards = places.entries(publication.id).flatMap((entry) => {
    const found = find(entry.contact ?? entry.group);
    if (!found) return [];
    const kind = entry.group ? 'group' : 'person';
    return [card({ id: found.id, kind, name: entry.group ? found.name : nameOf(found) })];
  });
  const head = { title: publication.title, is_open: true, opens_at: null, closes_at: null };
  return { v: 1, id: '1.1', at: '2026-11-20T08:00:00Z', publication: head, cards };
}
