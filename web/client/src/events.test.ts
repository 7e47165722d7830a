import { expect, test } from 'vitest';
import { eventsOf, type ServerEvent } from './events';

function answer(...pieces: string[]): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(encoder.encode(piece));
      controller.close();
    },
  });
  return new Response(body);
}

async function all(response: Response): Promise<ServerEvent[]> {
  const events: ServerEvent[] = [];
  for await (const event of eventsOf(response)) events.push(event);
  return events;
}

test('events are read wherever the stream is cut', async () => {
  const text =
    ': hello\nretry: 1000\n\nevent: progress\ndata: {"done":1}\n\ndata: a\r\ndata: b\r\n\r\n';
  const expected = [
    { name: 'progress', data: '{"done":1}' },
    { name: 'message', data: 'a\nb' },
  ];

  expect(await all(answer(text))).toEqual(expected);
  expect(await all(answer(...text))).toEqual(expected);
});

test('an unfinished event is lost', async () => {
  expect(await all(answer('event: run\ndata: {}\n'))).toEqual([]);
});

test('whoever stops listening gives the connection back', async () => {
  let isCancelled = false;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode('event: ping\ndata: {}\n\n')),
    cancel: () => {
      isCancelled = true;
    },
  });

  for await (const event of eventsOf(new Response(body))) {
    expect(event.name).toBe('ping');
    break;
  }
  expect(isCancelled).toBe(true);
});
