import {
  type BrandVariants,
  createDarkTheme,
  createLightTheme,
  type Theme,
  teamsHighContrastTheme,
} from '@fluentui/react-components';
import { useSyncExternalStore } from 'react';
import type { ThemeChoice } from './settings';

/** The product's colour, from dark to light. */
const BRAND: BrandVariants = {
  10: '#020405',
  20: '#0b1c1f',
  30: '#0d2e33',
  40: '#0e3c42',
  50: '#0e4951',
  60: '#0d5660',
  70: '#0b6470',
  80: '#0a727f',
  90: '#1b808d',
  100: '#358e9a',
  110: '#4b9ca7',
  120: '#61aab4',
  130: '#77b8c1',
  140: '#8ec6ce',
  150: '#a6d5db',
  160: '#bfe3e8',
};

const LIGHT: Theme = createLightTheme(BRAND);
const DARK: Theme = {
  ...createDarkTheme(BRAND),
  colorBrandForeground1: BRAND[120],
  colorBrandForeground2: BRAND[130],
  colorBrandForegroundLink: BRAND[130],
  colorBrandForegroundLinkHover: BRAND[140],
  colorBrandForegroundLinkPressed: BRAND[120],
};

const DARK_WANTED = '(prefers-color-scheme: dark)';
const CONTRAST_WANTED = '(forced-colors: active)';

/** The Fluent theme for a choice, and whether it is dark. */
export function useTheme(choice: ThemeChoice): { theme: Theme; isDark: boolean } {
  const prefersDark = useMedia(DARK_WANTED);
  const forcesColors = useMedia(CONTRAST_WANTED);
  if (choice === 'contrast' || forcesColors) return { theme: teamsHighContrastTheme, isDark: true };
  const isDark = choice === 'dark' || (choice === 'system' && prefersDark);
  return { theme: isDark ? DARK : LIGHT, isDark };
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
