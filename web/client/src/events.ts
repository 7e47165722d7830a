/** One event of a stream. */
export interface ServerEvent {
  /** The event's name, `message` when it has none. */
  name: string;
  data: string;
}

/** The longest unfinished line, in characters; a stream beyond it is not ours. */
const MAX_LINE = 1 << 20;

/** The events of a `text/event-stream`, as they arrive. Throws when the stream breaks. */
export async function* eventsOf(response: Response): AsyncGenerator<ServerEvent> {
  if (!response.body) return;
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  let name = '';
  let data: string[] = [];
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > MAX_LINE) throw new Error('line too long');
      for (const line of lines.map((one) => one.replace(/\r$/, ''))) {
        const [, field, text = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
        if (field === 'event') name = text;
        if (field === 'data') data.push(text);
        if (line) continue;
        if (data.length > 0) yield { name: name || 'message', data: data.join('\n') };
        name = '';
        data = [];
      }
    }
  } finally {
    // Whoever stops listening gives the connection back.
    await reader.cancel().catch(() => {});
  }
}
