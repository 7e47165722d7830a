/** How long anything waits for a part; they are asked for together with the cards. */
export const PATIENCE_MS = 3000;
/** How long a part that could not be had is not asked for again. */
const RETRY_MS = 60_000;

/** A part that was asked for. */
interface Asked {
  module: unknown;
  isOver: boolean;
  isLost: boolean;
  listeners: Set<() => void>;
}

const parts = new Map<string, Asked>();

/**
 * A part of the widget, loaded once: null when it cannot be had, or not yet, and undefined as long as it is worth
 * waiting for it. `changed` tells when that has changed.
 */
export function part<T>(gateway: string, name: string, changed: () => void): T | null | undefined {
  let asked = parts.get(name);
  if (!asked || asked.isLost) {
    // Nobody waits for what they did without.
    asked = ask(`${gateway}/widget/${name}.js`, Boolean(asked));
    parts.set(name, asked);
  }
  if (!asked.module) asked.listeners.add(changed);
  return (asked.module as T) ?? (asked.isOver ? null : undefined);
}

function ask(url: string, isOver: boolean): Asked {
  const asked: Asked = { module: null, isOver, isLost: false, listeners: new Set() };
  const end = (module: unknown): void => {
    asked.module ??= module;
    asked.isOver = true;
    const { listeners } = asked;
    asked.listeners = new Set();
    for (const tell of listeners) tell();
  };
  const timer = setTimeout(end, PATIENCE_MS, null);
  import(/* @vite-ignore */ url)
    .then(end, () => {
      end(null);
      // Whoever comes later may be luckier.
      setTimeout(() => {
        asked.isLost = true;
      }, RETRY_MS);
    })
    .finally(() => clearTimeout(timer));
  return asked;
}
