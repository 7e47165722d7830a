import { useSyncExternalStore } from 'react';

/** What failed, and for what. */
export interface Failure {
  name: string;
  error: unknown;
}

/** Something that is done to many things one after another; it goes on while other pages are shown. */
export interface Work {
  id: number;
  title: string;
  total: number;
  done: number;
  failed: number;
  /** The first of what failed. */
  failures: readonly Failure[];
  isRunning: boolean;
  isStopped: boolean;
  /** Takes what succeeded back. */
  undo?: () => void;
}

/** What is to be done to which things. */
export interface Order<T> {
  title: string;
  items: readonly T[];
  /** How many things are done by one act; 1 when absent. */
  atOnce?: number;
  name: (item: T) => string;
  act: (items: readonly T[]) => Promise<unknown>;
  /** Called with what succeeded, once it has ended or was stopped and nobody has signed out. */
  ended?: (done: readonly T[]) => void;
  /** Offers to take back what succeeded. */
  undo?: (done: readonly T[]) => void;
}

/** How many acts go on at the same time. */
const HANDS = 4;
/** How many failures are named. */
const NAMED = 100;

let works: readonly Work[] = [];
let counted = 0;
const listeners = new Set<() => void>();

function change(id: number, change: (work: Work) => Partial<Work>): void {
  works = works.map((work) => (work.id === id ? { ...work, ...change(work) } : work));
  for (const listener of listeners) listener();
}

/** Everything that goes on or was not read yet. */
export function useWorks(): readonly Work[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => works,
  );
}

/** Ends it after what is being done right now. */
export function stop(id: number): void {
  change(id, () => ({ isStopped: true }));
}

/** Ends everything after what is being done right now. */
export function stopAll(): void {
  for (const { id, isRunning } of works) if (isRunning) stop(id);
}

/** Ends everything and leaves nothing of it to whoever works here next. */
export function forgetAll(): void {
  // What is not there counts as stopped.
  works = [];
  window.removeEventListener('beforeunload', ask);
  for (const listener of listeners) listener();
}

/** Somebody has read how it ended. */
export function dismiss(id: number): void {
  works = works.filter((work) => work.id !== id);
  for (const listener of listeners) listener();
}

/** Begins; what fails is named and does not hold up the rest. */
export async function begin<T>(order: Order<T>): Promise<void> {
  const { title, items, atOnce = 1, name, act, ended, undo } = order;
  counted += 1;
  const id = counted;
  const start = { failed: 0, failures: [], isRunning: true, isStopped: false };
  works = [...works, { id, title, total: items.length, done: 0, ...start }];
  change(id, () => ({}));
  window.addEventListener('beforeunload', ask);
  const succeeded: T[] = [];
  let next = 0;
  const isStopped = (): boolean => works.find((work) => work.id === id)?.isStopped ?? true;
  const hand = async (): Promise<void> => {
    while (next < items.length && !isStopped()) {
      const piece = items.slice(next, next + atOnce);
      next += piece.length;
      try {
        await act(piece);
        succeeded.push(...piece);
        change(id, ({ done }) => ({ done: done + piece.length }));
      } catch (error) {
        const named = piece.map((item) => ({ name: name(item), error }));
        change(id, ({ done, failed, failures }) => ({
          done: done + piece.length,
          failed: failed + piece.length,
          failures: [...failures, ...named].slice(0, NAMED),
        }));
      }
    }
  };
  await Promise.all(Array.from({ length: HANDS }, hand));
  if (!works.some((work) => work.id === id)) return;
  change(id, () => ({
    isRunning: false,
    ...(undo && succeeded.length > 0 && { undo: () => undo(succeeded) }),
  }));
  if (!works.some(({ isRunning }) => isRunning)) window.removeEventListener('beforeunload', ask);
  ended?.(succeeded);
}

/** Closing the browser's tab would end what goes on. */
function ask(event: BeforeUnloadEvent): void {
  event.preventDefault();
}
