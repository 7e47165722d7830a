import type { Feed } from './feed';
import type { Snapshot } from './wire';

/** What the tab that has the stream tells the others after each event. */
interface Told {
  snapshot: Snapshot;
  lastId: string;
}

/**
 * What belongs to the pages of one origin, in one browser, and is gone with them. The number is that of what tabs tell
 * each other: after an update those with the script of before have a stream among themselves.
 */
const PREFIX = 'switchboard-contacts 1 ';

const members = new WeakMap<Feed, Member>();

/**
 * Lets one of several tabs with the same stream have it, and tell the others: called after each event of a feed.
 * Browsers that have no locks, as on pages without TLS, go on with a stream for each tab.
 */
export function share(feed: Feed): void {
  if (!navigator.locks || feed.over.signal.aborted) return;
  let member = members.get(feed);
  if (!member) {
    member = new Member(feed);
    members.set(feed, member);
  }
  member.tell();
}

/**
 * One tab's part. Whoever holds the lock has the stream: the tab that was looked at last, because browsers let those that
 * nobody sees do little, and late. When it is closed the browser gives the lock to another one, which goes on where the
 * first was. Nothing is kept. A tab that hears nothing opens a stream of its own, as always.
 */
class Member {
  readonly #feed: Feed;
  readonly #name: string;
  /** Stands for the connection of a tab that has none. */
  readonly #resting = new AbortController();
  #channel: BroadcastChannel | null = null;
  #hasStream = false;
  #release = (): void => {};

  constructor(feed: Feed) {
    this.#feed = feed;
    this.#name = PREFIX + feed.url;
    const { signal } = feed.over;
    // A page that is kept for going back must hold nothing.
    addEventListener('pagehide', () => this.#leave(), { signal });
    addEventListener('pageshow', () => this.#enter(), { signal });
    addEventListener('visibilitychange', () => this.#look(), { signal });
    signal.addEventListener('abort', () => this.#leave());
    this.#enter();
  }

  /** Tells the others what was heard. */
  tell(): void {
    const { snapshot, lastId, status } = this.#feed;
    if (!this.#hasStream || !snapshot || status !== 'live') return;
    this.#channel?.postMessage({ snapshot, lastId } satisfies Told);
  }

  #enter(): void {
    if (this.#channel) return;
    const channel = new BroadcastChannel(this.#name);
    this.#channel = channel;
    channel.onmessage = ({ data }: MessageEvent<Told>) => this.#hear(data);
    this.#want(!document.hidden);
  }

  /** A tab that somebody looks at takes the stream from whoever has it. */
  #look(): void {
    if (this.#channel && !this.#hasStream && !document.hidden) this.#want(true);
  }

  /** Waits for the stream, or takes it. */
  #want(steal: boolean): void {
    this.#release();
    // Who takes it gets it: what another one still tells must not end the stream that there may be.
    this.#hasStream = steal;
    const waiting = new AbortController();
    const held = new Promise<void>((resolve) => {
      this.#release = () => {
        waiting.abort();
        resolve();
      };
    });
    const lead = (): Promise<void> => {
      // Browsers grant what is not waited for any more, too.
      if (!waiting.signal.aborted) {
        this.#hasStream = true;
        if (this.#feed.attempt === this.#resting) this.#feed.connect();
      }
      return held;
    };
    const how = steal ? { steal } : { signal: waiting.signal };
    navigator.locks.request(this.#name, how, lead).catch(({ name }: DOMException) => {
      // It was taken away, unless it is not waited for any more. Its stream goes on until the other one tells.
      if (name === 'AbortError' && !waiting.signal.aborted) this.#want(false);
    });
  }

  #hear({ snapshot, lastId }: Told): void {
    const feed = this.#feed;
    if (this.#hasStream) return;
    if (feed.attempt !== this.#resting) feed.rest(this.#resting);
    // A ping changes nothing: cards that are there are not drawn again.
    if (lastId !== feed.lastId) feed.snapshot = snapshot;
    feed.heard(lastId);
  }

  #leave(): void {
    this.#channel?.close();
    this.#channel = null;
    this.#hasStream = false;
    this.#release();
  }
}
