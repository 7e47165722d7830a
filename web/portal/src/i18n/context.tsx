import { createContext, type ReactNode, useContext, useMemo } from 'react';
import type { Catalogue, FirstWords, Language, MessageKey, Translate } from './catalogue';
import { type Formats, format, type Value } from './message';

export interface Words {
  language: Language;
  /** The tag for `Intl`: the browser's own variant of the language, where it has one. */
  locale: string;
  t: Translate;
}

const WordsContext = createContext<Words | null>(null);

/** A catalogue, or the part of it that came first; what is not there yet is empty for a moment. */
export type Known = FirstWords & Partial<Catalogue>;

/** Makes the words of one language. */
export function wordsOf(language: Language, catalogue: Known): Words {
  const locale = navigator.languages.find((tag) => tag.split('-')[0] === language) ?? language;
  const formats: Formats = { locale, now: () => Date.now() };
  const t = (key: MessageKey, values: Record<string, Value> = {}): string =>
    format(catalogue[key] ?? '', values, formats);
  return { language, locale, t: t as Translate };
}

export function WordsProvider(props: {
  language: Language;
  catalogue: Known;
  children: ReactNode;
}): ReactNode {
  const { language, catalogue, children } = props;
  const words = useMemo(() => wordsOf(language, catalogue), [language, catalogue]);
  return <WordsContext value={words}>{children}</WordsContext>;
}

/** The words of the page's language. */
export function useWords(): Words {
  const words = useContext(WordsContext);
  if (!words) throw new Error('no words around this part');
  return words;
}

/** Words messages in the page's language. */
export function useT(): Translate {
  return useWords().t;
}
