import type { Language } from '@switchboard/presence';
import { WORDS as ENGLISH } from './locales/en';
import type { Words } from './texts';

/** How long cards wait for their language; it is asked for together with them. */
export const PATIENCE_MS = 3000;

/** A language, in the words that there are for it. */
export interface Spoken extends Words {
  language: Language;
  /** Its own words may still come. */
  isWaiting: boolean;
}

/** One language that was asked for. */
interface Asked {
  words: Words | null;
  isOver: boolean;
  listeners: Set<() => void>;
}

const english: Spoken = { ...ENGLISH, language: 'en', isWaiting: false };
const nothingYet: Spoken = {
  ...english,
  isWaiting: true,
  texts: { ...ENGLISH.texts, loading: '' },
};
const languages = new Map<Language, Asked>();

/**
 * The words of a language. They are English ones if its own cannot be loaded, or not yet; `changed`
 * tells when there are others.
 */
export function speak(language: Language, gateway: string, changed: () => void): Spoken {
  if (language === 'en') return english;
  let asked = languages.get(language);
  if (!asked) {
    asked = ask(language, gateway);
    languages.set(language, asked);
  }
  if (asked.words) return { ...asked.words, language, isWaiting: false };
  asked.listeners.add(changed);
  return asked.isOver ? english : nothingYet;
}

function ask(language: Language, gateway: string): Asked {
  const asked: Asked = { words: null, isOver: false, listeners: new Set() };
  const end = (words: Words | null): void => {
    clearTimeout(timer);
    asked.words = words;
    asked.isOver = true;
    const { listeners } = asked;
    asked.listeners = new Set();
    for (const tell of listeners) tell();
  };
  const timer = setTimeout(end, PATIENCE_MS, null);
  import(/* @vite-ignore */ `${gateway}/widget/${language}.js`).then(
    ({ WORDS }) => end(WORDS),
    () => {
      end(null);
      // Whoever comes later may be luckier.
      languages.delete(language);
    },
  );
  return asked;
}
