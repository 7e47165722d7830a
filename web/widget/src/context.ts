import { LABELS, type Language } from '@switchboard/presence';
import { Times } from './language';
import { TEXTS, type Texts } from './texts';
import type { Card } from './wire';

/** What every part of the drawing needs to know; a new one makes every card draw itself again. */
export interface Context {
  language: Language;
  texts: Texts;
  labels: (typeof LABELS)[Language];
  times: Times;
  /** The address that relative pictures are resolved against. */
  gateway: string;
  /** The heading level of the title; names are one level below. */
  level: number;
  /** The local day that the times were said on. */
  day: string;
  /** Tells the page that a visitor has chosen a way to reach somebody; false when it takes over. */
  chosen(card: Card, kind: string, href: string): boolean;
}

/** The parts of a context that the language decides. */
export function wording(
  language: Language,
): Pick<Context, 'language' | 'texts' | 'labels' | 'times'> {
  return {
    language,
    texts: TEXTS[language],
    labels: LABELS[language],
    times: new Times(language, navigator.languages),
  };
}
