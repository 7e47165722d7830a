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
  if (choice === 'contrast' || matchMedia(CONTRAST_WANTED).matches) return 'contrast';
  if (choice !== 'system') return choice;
  return matchMedia(DARK_WANTED).matches ? 'dark' : 'light';
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

/** Whether the window is narrower than a tablet. */
export function useIsNarrow(): boolean {
  return useMedia('(max-width: 767px)');
}

function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = matchMedia(query);
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    () => matchMedia(query).matches,
  );
}
