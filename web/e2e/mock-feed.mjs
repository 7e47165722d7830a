/**
 * A gateway's visitor feed without a gateway: the same snapshot and stream, over plain `node:http`.
 * Nothing is kept; publications are made by the caller. For development and the Chromium tests.
 *
 *   node mock-feed.mjs [--port 8095]     serves the publications `services` and `team`, with changes
 */
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { company } from './company.mjs';
import { Desk } from './mock-desk.mjs';

const PATH =
  /^\/api\/v1\/visitor\/publications\/([^/]+)\/(snapshot|stream|form|enquiries|templates\/\w+)$/;
const KEPT = 1000;

/** One publication: its cards, its numbered history, its open streams. */
class Topic {
  seq = 0;
  history = [];
  streams = new Set();
  isSilent = false;
  isRefusing = false;

  constructor(epoch, { publication, cards, templates = {} }) {
    this.epoch = epoch;
    this.publication = {
      is_open: true,
      opens_at: null,
      closes_at: null,
      is_reachable: true,
      next_reachable: null,
      when_unreachable: 'next_time',
      templates: tagsOf(templates),
      ...publication,
    };
    this.cards = cards;
    this.templates = templates;
    this.desk = new Desk();
  }

  get id() {
    return `${this.epoch}.${this.seq}`;
  }

  snapshot() {
    const { id, publication, cards } = this;
    return { v: 1, id, at: new Date().toISOString(), publication, cards };
  }

  /** Changes cards, removes ids, sets an order or the publication, and tells every stream. */
  change({ changed = [], removed = [], order, publication }) {
    const cards = new Map(this.cards.map((card) => [card.id, card]));
    for (const id of removed) cards.delete(id);
    for (const card of changed) cards.set(card.id, card);
    const ids = new Set([...(order ?? []), ...cards.keys()]);
    this.cards = [...ids].filter((id) => cards.has(id)).map((id) => cards.get(id));
    if (publication) this.publication = { ...this.publication, ...publication };
    this.seq += 1;
    const data = { v: 1, id: this.id, at: new Date().toISOString(), changed, removed };
    if (order) data.order = order;
    if (publication) data.publication = this.publication;
    const event = frame('delta', data, this.id);
    this.history = [...this.history, { seq: this.seq, event }].slice(-KEPT);
    this.send(event);
  }

  /** Changes what the page looks like. */
  dress(templates) {
    this.templates = templates;
    this.change({ publication: { templates: tagsOf(templates) } });
  }

  /** Changes some fields of one card. */
  patch(id, fields) {
    const card = this.cards.find((one) => one.id === id);
    this.change({ changed: [{ ...card, ...fields }] });
  }

  ping() {
    this.send(frame('ping', { at: new Date().toISOString() }));
  }

  send(text) {
    if (!this.isSilent) for (const stream of this.streams) stream.write(text);
  }

  /** Ends every connection without a word. */
  cut() {
    for (const stream of this.streams) stream.destroy();
  }

  /** What a new stream gets first: the missed deltas when they are still known, else everything. */
  greeting(lastId) {
    const [epoch, seq] = (lastId ?? '').split('.');
    const missed = this.history.filter((one) => one.seq > Number(seq));
    const isKnown = epoch === this.epoch && this.seq - Number(seq) === missed.length;
    if (!isKnown) return frame('snapshot', this.snapshot(), this.id);
    return (
      missed.map((one) => one.event).join('') || frame('ping', { at: new Date().toISOString() })
    );
  }
}

/** The word by which each template is known, another one after each change. */
function tagsOf(templates) {
  return Object.fromEntries(
    Object.entries(templates).map(([kind, one]) => [
      kind,
      `${JSON.stringify(one).length}.${one.v ?? 1}`,
    ]),
  );
}

function frame(name, data, id) {
  return `${id ? `id: ${id}\n` : ''}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Starts a feed server on loopback; `script` is what it serves as the widget, `parts` what that loads. */
export async function startMockFeed({
  port = 0,
  publications = {},
  script,
  parts = {},
  pingMs = 10_000,
  retryMs = 1000,
}) {
  const epoch = Date.now().toString(16);
  const topics = new Map(
    Object.entries(publications).map(([key, value]) => [key, new Topic(epoch, value)]),
  );
  const requests = [];
  const asked = [];
  const loaded = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://mock');
    const [, key, kind] = PATH.exec(url.pathname) ?? [];
    const topic = topics.get(key);
    response.setHeader('access-control-allow-origin', request.headers.origin ?? '*');
    response.setHeader('vary', 'Origin');
    if (script && url.pathname === '/widget/v1.js') {
      response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(script);
    } else if (url.pathname.startsWith('/widget/')) {
      const name = url.pathname.slice('/widget/'.length);
      const part = parts[name];
      // Every page asks for this one, after everything else.
      if (name !== 'tabs.js') loaded.push(name);
      // One that is null never comes.
      if (part === null) return;
      const type = { 'content-type': 'text/javascript; charset=utf-8' };
      response.writeHead(part ? 200 : 404, type).end(part);
    } else if (topic && kind.startsWith('templates/')) {
      const template = topic.templates[kind.slice('templates/'.length)];
      asked.push(url.pathname + url.search);
      response.writeHead(template ? 200 : 404, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ v: 1, placement: 'embedded', variables: {}, texts: {}, ...template }),
      );
    } else if (topic && (kind === 'form' || kind === 'enquiries')) {
      topic.desk.answer(request, response, kind, topic.publication.when_unreachable);
    } else if (!topic || topic.isRefusing) {
      response.writeHead(topic ? 503 : 404, { 'content-type': 'application/problem+json' });
      response.end('{}');
    } else if (kind === 'snapshot') {
      response.writeHead(200, { 'content-type': 'application/json', etag: `"${topic.id}"` });
      response.end(JSON.stringify(topic.snapshot()));
    } else {
      requests.push(url.search);
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write(`retry: ${retryMs}\n\n`);
      if (!topic.isSilent) response.write(topic.greeting(url.searchParams.get('last_event_id')));
      topic.streams.add(response);
      response.on('close', () => topic.streams.delete(response));
    }
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  const timer = setInterval(() => {
    for (const topic of topics.values()) topic.ping();
  }, pingMs);
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    topic: (key) => topics.get(key),
    requests,
    /** Which templates were asked for. */
    asked,
    /** The parts that were loaded, in their order, but for the one that tabs share by. */
    loaded,
    /** What stands under the name of each part. */
    parts,
    close() {
      clearInterval(timer);
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Changes one card now and then, as people do. */
function live(topic) {
  const states = ['available', 'busy', 'away', 'do_not_disturb', 'inactive', 'available'];
  setInterval(() => {
    const card = topic.cards[Math.floor(Math.random() * topic.cards.length)];
    const state = states[Math.floor(Math.random() * states.length)];
    const isReachable = state !== 'busy' && state !== 'do_not_disturb';
    const modalities = card.modalities.map((one) => ({ ...one, is_enabled: isReachable }));
    const reason = isReachable ? null : state;
    topic.patch(card.id, { state, activity: null, is_reachable: isReachable, reason, modalities });
  }, 2000);
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '8095' } } });
  const feed = await startMockFeed({ port: Number(values.port), publications: company() });
  live(feed.topic('services'));
  live(feed.topic('team'));
  console.log(`listening ${feed.url}`);
}
