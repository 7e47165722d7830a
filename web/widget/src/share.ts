import { Feed } from './feed';

interface Shared {
  feed: Feed;
  listeners: Set<() => void>;
}

const open = new Map<string, Shared>();
let tabs: Promise<typeof import('./tabs')>;

/** One element's part in a feed. */
export interface Following {
  feed: Feed;
  stop(): void;
}

/** Follows a stream; elements of one page that follow the same one share its connection. */
export function follow(url: string, listener: () => void): Following {
  let shared = open.get(url);
  if (!shared) {
    const listeners = new Set<() => void>();
    const feed = new Feed(url, () => {
      for (const tell of listeners) tell();
      // Asked for once there are cards, so that they never wait for it, and once only.
      if (feed.snapshot) {
        tabs ??= import(/* @vite-ignore */ url.replace(/api\/v1\/visitor.*/, 'widget/tabs.js'));
        tabs.then(({ share }) => share(feed)).catch(() => {});
      }
    });
    shared = { feed, listeners };
    open.set(url, shared);
    feed.start();
  }
  const { feed, listeners } = shared;
  listeners.add(listener);
  const stop = (): void => {
    listeners.delete(listener);
    // Later, because an element that is only moved in the page comes back at once.
    queueMicrotask(() => {
      if (listeners.size || open.get(url)?.feed !== feed) return;
      open.delete(url);
      feed.stop();
    });
  };
  return { feed, stop };
}
