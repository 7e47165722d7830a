import { ICON_BOX, ICONS, type State } from '@switchboard/presence';
import { useEffect } from 'react';

/** Has the tab of the browser say the state: by its words, and by its picture. */
export function useTitle(state: State, title: string, shade: string): void {
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => {
    const found = document.querySelector<HTMLLinkElement>('link[rel=icon]');
    const link = found ?? document.head.appendChild(document.createElement('link'));
    link.rel = 'icon';
    link.type = 'image/svg+xml';
    const before = link.href;
    link.href = iconOf(state, shade);
    return () => {
      link.href = before;
    };
  }, [state, shade]);
}

/** The picture of a state, as an address. */
export function iconOf(state: State, shade: string): string {
  const path = `<path fill="${shade}" fill-rule="evenodd" d="${ICONS[state]}"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${ICON_BOX}">${path}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
