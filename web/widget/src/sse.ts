/** One event of a stream, or a change of the reconnection time. */
export interface StreamEvent {
  /** The event's name, `message` when it has none. */
  name: string;
  data: string;
  /** The last id that the stream has given, as of this event. */
  id: string;
}

/** What a parser tells while it reads. */
export interface StreamSink {
  event(event: StreamEvent): void;
  retry(delayMs: number): void;
}

/** The longest unfinished line, in characters; a stream beyond it is not ours. */
const MAX_LINE = 8 << 20;

/**
 * Reads `text/event-stream` piece by piece, cut anywhere, as the HTML standard says: CR, LF or CRLF ends a line, comments
 * are left out, an unfinished event is lost. A leading BOM is left out by the decoder before it.
 */
export class SseParser {
  readonly #sink: StreamSink;
  #rest = '';
  #name = '';
  #data: string[] = [];
  #id = '';

  constructor(sink: StreamSink) {
    this.#sink = sink;
  }

  /** Takes the next piece of decoded text. */
  push(piece: string): void {
    // A CR at the end may be half an end: it waits for what comes next.
    const lines = (this.#rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > MAX_LINE) throw new Error('line too long');
    for (const line of lines) this.#line(line);
  }

  #line(line: string): void {
    if (!line) {
      this.#dispatch();
      return;
    }
    const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === 'data') this.#data.push(value);
    else if (field === 'event') this.#name = value;
    else if (field === 'id' && !value.includes('\0')) this.#id = value;
    else if (field === 'retry' && /^\d+$/.test(value)) this.#sink.retry(Number(value));
  }

  #dispatch(): void {
    const data = this.#data;
    const name = this.#name || 'message';
    this.#data = [];
    this.#name = '';
    if (data.length) this.#sink.event({ name, data: data.join('\n'), id: this.#id });
  }
}
