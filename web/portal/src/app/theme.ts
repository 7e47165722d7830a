import type { Theme } from '@fluentui/react-components';
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { ThemeChoice } from './settings';

/** How the portal looks. */
export type Look = 'light' | 'dark' | 'contrast';

const DARK_WANTED = '(prefers-color-scheme: dark)';
const CONTRAST_WANTED = '(forced-colors: active)';

/** Loads the Fluent theme of a look; each is a file of its own. */
export async function loadTheme(look: Look): Promise<Theme> {
  if (look === 'contrast') return (await import('./themes/contrast')).contrast;
  if (look === 'dark') return (await import('./themes/dark')).dark;
  return (await import('./themes/light')).light;
}

/** The look for a choice, as the browser has it now. */
export function lookOf(choice: ThemeChoice): Look {
  if (choice === 'contrast' || mediaOf(CONTRAST_WANTED).matches()) return 'contrast';
  if (choice !== 'system') return choice;
  return mediaOf(DARK_WANTED).matches() ? 'dark' : 'light';
}

/** The look for a choice, and whether it is dark. */
export function useLook(choice: ThemeChoice): { look: Look; isDark: boolean } {
  useMedia(DARK_WANTED);
  useMedia(CONTRAST_WANTED);
  const look = lookOf(choice);
  return { look, isDark: look !== 'light' };
}

/** A look with its theme. */
export interface Themed {
  look: Look;
  theme: Theme;
}

/** The theme of a look; the one before until it is loaded. */
export function useTheme(look: Look, first: Themed): Themed {
  const [themed, setThemed] = useState(first);
  useEffect(() => {
    let isWanted = true;
    void loadTheme(look).then((theme) => {
      if (isWanted) setThemed({ look, theme });
    });
    return () => {
      isWanted = false;
    };
  }, [look]);
  return themed;
}

/** Has the document itself say how it speaks and looks, for what no component draws. */
export function useDocument(language: string, look: Look): void {
  useEffect(() => {
    document.documentElement.lang = language;
    document.documentElement.dataset.look = look;
    document.documentElement.style.colorScheme = look === 'light' ? 'light' : 'dark';
  }, [language, look]);
}

/** Whether the window is narrower than a tablet. */
export function useIsNarrow(): boolean {
  return useMedia('(max-width: 767px)');
}

/** What the browser is asked once, however many rows want to know. */
interface Media {
  matches: () => boolean;
  subscribe: (listener: () => void) => () => void;
}

const asked = new Map<string, Media>();

function mediaOf(query: string): Media {
  const known = asked.get(query);
  if (known) return known;
  const list = matchMedia(query);
  const listeners = new Set<() => void>();
  // Only the change is listened to: whoever reads the list itself before it is told hears of no change.
  let { matches } = list;
  list.addEventListener('change', (change) => {
    ({ matches } = change);
    for (const listener of listeners) listener();
  });
  const media: Media = {
    matches: () => matches,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  asked.set(query, media);
  return media;
}

function useMedia(query: string): boolean {
  const { subscribe, matches } = mediaOf(query);
  return useSyncExternalStore(subscribe, matches);
}
