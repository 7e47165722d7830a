import { type RefObject, useEffect } from 'react';

/** Has `/` go to the search, unless somebody writes. */
export function useSearchKey(search: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const { target } = event;
      const isWriting = target instanceof HTMLElement && target.matches('input, textarea, select');
      if (event.key !== '/' || isWriting || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      search.current?.focus();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [search]);
}

/** Moves the focus among the people of a part as a key says; whether it did. */
export function moveFocus(part: HTMLElement | null, key: string): boolean {
  const people = [...(part?.querySelectorAll<HTMLElement>('[data-person]') ?? [])];
  const row = document.activeElement?.closest('li');
  const now = people.findIndex((person) => row?.contains(person));
  const next = placeOf(key, now, people.length);
  const person = next === null ? undefined : people[next];
  person?.focus();
  return person !== undefined;
}

/** Where a key leads from place `now` among `count`; null where it leads nowhere. */
export function placeOf(key: string, now: number, count: number): number | null {
  if (count === 0) return null;
  if (key === 'first') return 0;
  if (now < 0) return null;
  if (key === 'ArrowDown') return Math.min(now + 1, count - 1);
  if (key === 'ArrowUp') return Math.max(now - 1, 0);
  if (key === 'Home') return 0;
  return key === 'End' ? count - 1 : null;
}
