import type { Page } from '@switchboard/client';
import { matches } from '../app/matches';

/** Those of a list, which the gateway gives all at once, in whose names every word occurs. */
export function sought<T>(items: T[], q: string | undefined, nameOf: (item: T) => string): Page<T> {
  return { items: items.filter((item) => matches(nameOf(item), q ?? '')), next: null };
}
