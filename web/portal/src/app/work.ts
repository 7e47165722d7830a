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
  /** Called once it has ended or was stopped, with what succeeded. */
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
  const start = { failures: [], isRunning: true, isStopped: false };
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
        const failed = piece.map((item) => ({ name: name(item), error }));
        change(id, ({ done, failures }) => ({
          done: done + piece.length,
          failures: [...failures, ...failed].slice(0, NAMED),
        }));
      }
    }
  };
  await Promise.all(Array.from({ length: HANDS }, hand));
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
