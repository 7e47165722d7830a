import { useSyncExternalStore } from 'react';
import { LANGUAGES, type Language } from '../i18n/catalogue';

export const THEMES = ['system', 'light', 'dark', 'contrast'] as const;

export type ThemeChoice = (typeof THEMES)[number];

/** What somebody chose for this browser. */
export interface Settings {
  language: Language;
  theme: ThemeChoice;
}

const KEY = 'switchboard-portal';
const listeners = new Set<() => void>();
let settings: Settings | null = null;

/** The settings of this browser; what was never chosen follows the browser. */
export function readSettings(): Settings {
  settings ??= { language: preferredLanguage(), theme: 'system', ...stored() };
  return settings;
}

/** Changes settings, here and in later visits. */
export function changeSettings(change: Partial<Settings>): void {
  settings = { ...readSettings(), ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // A browser that keeps nothing still applies them until the page is left.
  }
  for (const listener of listeners) listener();
}

export function useSettings(): Settings {
  return useSyncExternalStore(subscribe, readSettings);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function stored(): Partial<Settings> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    const { language, theme } = value as Record<string, unknown>;
    const known: Partial<Settings> = {};
    const knownLanguage = LANGUAGES.find((one) => one === language);
    const knownTheme = THEMES.find((one) => one === theme);
    if (knownLanguage) known.language = knownLanguage;
    if (knownTheme) known.theme = knownTheme;
    return known;
  } catch {
    return {};
  }
}

function preferredLanguage(): Language {
  for (const tag of navigator.languages) {
    const found = LANGUAGES.find((language) => language === tag.split('-')[0]);
    if (found) return found;
  }
  return 'en';
}
