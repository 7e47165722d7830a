import type { Feed } from './feed';
import type { Snapshot } from './wire';

/** What the tab that has the stream tells the others after each event. */
interface Told {
  snapshot: Snapshot;
  lastId: string;
}

/** What belongs to the pages of one origin, in one browser, and is gone with them. */
const PREFIX = 'switchboard-contacts ';

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
 * One tab's part. Whoever holds the lock has the stream; when that tab is closed the browser gives it to another one,
 * which goes on where the first was. Nothing is kept. A tab that hears nothing opens a stream of its own, as always.
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
    const waiting = new AbortController();
    const held = new Promise<void>((resolve) => {
      this.#release = () => {
        waiting.abort();
        resolve();
      };
    });
    const lead = (): Promise<void> => {
      // Another one may have come into this tab meanwhile.
      if (this.#channel === channel) {
        this.#hasStream = true;
        if (this.#feed.attempt === this.#resting) this.#feed.connect();
      }
      return held;
    };
    // Whoever does not wait any more is refused.
    navigator.locks.request(this.#name, { signal: waiting.signal }, lead).catch(() => {});
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
