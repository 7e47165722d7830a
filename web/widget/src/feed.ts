import { backoff, MAX_DELAY_MS } from './backoff';
import { merge } from './merge';
import { SseParser, type StreamEvent } from './sse';
import { readDelta, readSnapshot, type Snapshot } from './wire';

/** After this long without any event nothing that was said before is taken for true. */
export const SILENCE_MS = 30_000;

/** A connection that says nothing for this long is renewed when somebody looks at the page. */
const DOUBT_MS = 15_000;

type Timer = ReturnType<typeof setTimeout> | undefined;

/**
 * loading: nothing yet · live: the snapshot holds · silent: it no longer does ·
 * failed: there is none · missing: the gateway knows no such publication.
 */
export type FeedStatus = 'loading' | 'live' | 'silent' | 'failed' | 'missing';

/**
 * Follows one publication: reads the stream, merges deltas, comes back after a cut where it was,
 * and says when it has heard nothing for too long.
 */
export class Feed {
  status: FeedStatus = 'loading';
  snapshot: Snapshot | null = null;
  /** The last event that was heard. */
  lastId = '';
  /** The connection, or what stands for it while another tab has one. */
  attempt: AbortController | null = null;

  readonly url: string;
  /** Aborted when everything ends. */
  readonly over = new AbortController();
  readonly #changed: () => void;
  #retryTimer: Timer;
  #stallTimer: Timer;
  #silenceTimer: Timer;
  #heardAt = 0;
  #attemptedAt = 0;
  #failures = 0;
  #baseMs = 2_000;

  constructor(url: string, changed: () => void) {
    this.url = url;
    this.#changed = changed;
  }

  /** Opens the stream and keeps it open. */
  start(): void {
    for (const event of ['online', 'pageshow', 'visibilitychange']) {
      addEventListener(event, this.wake, this.over);
    }
    this.#hear();
    this.connect();
  }

  /** Ends everything. */
  stop(): void {
    this.over.abort();
    this.#end();
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#silenceTimer);
  }

  /** Tries at once when there is reason to doubt the connection. */
  readonly wake = (): void => {
    if (document.hidden) return;
    const now = Date.now();
    if (now - this.#heardAt >= SILENCE_MS) this.#fallSilent();
    const quietMs = now - Math.max(this.#heardAt, this.#attemptedAt);
    if (!this.attempt || quietMs >= DOUBT_MS) this.connect();
  };

  /** Opens a stream, in place of one that there is. */
  connect(): void {
    this.#end();
    clearTimeout(this.#retryTimer);
    const attempt = new AbortController();
    this.attempt = attempt;
    this.#attemptedAt = Date.now();
    this.#watchStall();
    const over = (): void => {
      if (this.attempt === attempt) this.#retryLater();
    };
    this.#read(attempt.signal).then(over, over);
  }

  /** Gives up its stream, for which `attempt` stands. */
  rest(attempt: AbortController): void {
    this.#end();
    clearTimeout(this.#retryTimer);
    this.attempt = attempt;
  }

  #end(): void {
    clearTimeout(this.#stallTimer);
    this.attempt?.abort();
    this.attempt = null;
  }

  #retryLater(): void {
    this.#end();
    if (this.status === 'loading') this.#become('failed');
    const delayMs = backoff(this.#failures, this.#baseMs, Math.random);
    this.#failures += 1;
    this.#retryTimer = setTimeout(() => this.connect(), delayMs);
  }

  async #read(signal: AbortSignal): Promise<void> {
    const resume = this.lastId && `?last_event_id=${encodeURIComponent(this.lastId)}`;
    const response = await fetch(this.url + resume, {
      signal,
      cache: 'no-store',
      credentials: 'omit',
      headers: { accept: 'text/event-stream' },
    });
    if (response.status === 404 && !signal.aborted) this.#forget();
    if (!response.ok || !response.body) return;
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    const parser = new SseParser({
      event: (event) => this.#take(event),
      retry: (delayMs) => {
        this.#baseMs = Math.min(MAX_DELAY_MS, delayMs);
      },
    });
    for (;;) {
      const { done, value } = await reader.read();
      if (done || signal.aborted) return;
      parser.push(decoder.decode(value, { stream: true }));
    }
  }

  #take({ name, data, id }: StreamEvent): void {
    try {
      const value: unknown = JSON.parse(data);
      if (name === 'snapshot') this.snapshot = readSnapshot(value);
      else if (name === 'delta' && this.snapshot) {
        this.snapshot = merge(this.snapshot, readDelta(value));
      }
    } catch (broken) {
      // What this event said is lost: only a new snapshot makes up for it.
      this.lastId = '';
      throw broken;
    }
    // A ping on a connection that has gone on where it was has no id to give.
    this.heard(id || this.lastId);
  }

  /** Takes what is known for true, as of the event `id`. */
  heard(id: string): void {
    this.lastId = id;
    this.#failures = 0;
    this.#hear();
    this.#watchStall();
    if (this.snapshot && id) this.#become('live');
  }

  #hear(): void {
    this.#heardAt = Date.now();
    clearTimeout(this.#silenceTimer);
    this.#silenceTimer = setTimeout(() => this.#fallSilent(), SILENCE_MS);
  }

  #watchStall(): void {
    clearTimeout(this.#stallTimer);
    this.#stallTimer = setTimeout(() => this.#retryLater(), SILENCE_MS);
  }

  #fallSilent(): void {
    if (this.status !== 'live') return;
    // A snapshot comes at once, where going on might have to wait for the next ping.
    this.lastId = '';
    this.#become('silent');
  }

  #forget(): void {
    this.snapshot = null;
    this.lastId = '';
    this.#become('missing');
  }

  #become(status: FeedStatus): void {
    this.status = status;
    this.#changed();
  }
}
