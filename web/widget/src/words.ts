import type { Language } from '@switchboard/presence';
import { WORDS as ENGLISH } from './locales/en';
import { part } from './part';
import type { Words } from './texts';

/** A language, in the words that there are for it. */
export interface Spoken extends Words {
  language: Language;
  /** Its own words may still come. */
  isWaiting: boolean;
}

/**
 * The words of a language. They are English ones if its own cannot be loaded, or not yet; `changed`
 * tells when there are others.
 */
export function speak(language: Language, gateway: string, changed: () => void): Spoken {
  const english: Spoken = { ...ENGLISH, language: 'en', isWaiting: false };
  if (language === 'en') return english;
  const found = part<{ WORDS: Words }>(gateway, language, changed);
  if (found) return { ...found.WORDS, language, isWaiting: false };
  // As long as they may come nothing is said.
  if (found === undefined) {
    return { ...english, isWaiting: true, texts: { ...ENGLISH.texts, loading: '' } };
  }
  return english;
}
