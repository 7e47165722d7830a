import { vi } from 'vitest';
import { readSnapshot, type Snapshot } from '../src/wire';

/** A card as it comes over the wire. */
export function wireCard(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: 'A',
    kind: 'person',
    name: 'Anna Berg',
    title: 'Head of sales',
    company: 'Brightmoor Instruments',
    site: 'Berlin',
    picture: null,
    initials: 'AB',
    vcard: null,
    state: 'available',
    activity: null,
    is_out_of_office: false,
    custom: null,
    note: null,
    is_reachable: true,
    reason: null,
    modalities: [
      { kind: 'chat', href: 'im:sip:anna@brightmoor.example', is_enabled: true },
      { kind: 'phone', href: 'tel:+49405550', is_enabled: true },
    ],
    valid_until: null,
    next_reachable: null,
    members: [],
    ...fields,
  };
}

/** A snapshot as it comes over the wire. */
export function wireSnapshot(cards: unknown[], publication = {}): Record<string, unknown> {
  return {
    v: 1,
    id: 'e.1',
    at: '2030-01-07T10:00:00Z',
    publication: { title: 'Sales', is_open: true, opens_at: null, closes_at: null, ...publication },
    cards,
  };
}

export function snapshotOf(cards: unknown[], publication = {}): Snapshot {
  return readSnapshot(wireSnapshot(cards, publication));
}

/** An event as it stands in the stream. */
export function frame(name: string, data: unknown, id = ''): string {
  return `${id && `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

interface Connection {
  url: string;
  signal: AbortSignal;
  send(text: string): Promise<void>;
  end(): Promise<void>;
}

/** Replaces `fetch` by streams that the test speaks into; `refuse` answers with a status instead. */
export function fakeGateway() {
  const connections: Connection[] = [];
  const gateway = { connections, refuse: 0, last: () => connections.at(-1) as Connection };
  const settle = async (): Promise<void> => {
    await vi.advanceTimersByTimeAsync(0);
  };
  vi.stubGlobal('fetch', (url: string, { signal }: { signal: AbortSignal }) => {
    let out: ReadableStreamDefaultController<Uint8Array> | undefined;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        out = controller;
      },
    });
    const encoder = new TextEncoder();
    const failed = (): void => {
      if (!signal.aborted) return;
      try {
        out?.error(new DOMException('aborted', 'AbortError'));
      } catch {
        // It had ended already.
      }
    };
    signal.addEventListener('abort', failed);
    connections.push({
      url,
      signal,
      async send(text) {
        out?.enqueue(encoder.encode(text));
        await settle();
      },
      async end() {
        out?.close();
        await settle();
      },
    });
    if (gateway.refuse === 0) return Promise.resolve({ status: 200, ok: true, body });
    if (gateway.refuse < 0) return Promise.reject(new TypeError('Failed to fetch'));
    return Promise.resolve({ status: gateway.refuse, ok: false, body: null });
  });
  return gateway;
}
