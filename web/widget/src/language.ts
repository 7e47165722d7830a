import type { Language } from '@switchboard/presence';
import { fill } from './fill';
import type { Texts } from './texts';

const DAY_MS = 86_400_000;

/** The first wanted language that the widget speaks, else English. */
export function languageOf(wanted: readonly (string | null | undefined)[]): Language {
  const bases = wanted.map((tag) => tag?.slice(0, 2).toLowerCase());
  return bases.find((base) => base === 'de' || base === 'en') === 'de' ? 'de' : 'en';
}

/** Says times the way the visitor is used to. */
export class Times {
  readonly #texts: Texts;
  readonly #locale: string;

  /** `locales` are the visitor's own; the first of the widget's language gives the format. */
  constructor(language: Language, texts: Texts, locales: readonly string[]) {
    this.#texts = texts;
    this.#locale =
      locales.find((tag) => languageOf([tag]) === language && tag.startsWith(language)) ?? language;
  }

  /** The time of day. */
  clock(iso: string): string {
    return this.#format(new Date(iso), { hour: '2-digit', minute: '2-digit' });
  }

  /** Whether the moment is still to come, today. */
  isToday(iso: string, now: Date): boolean {
    return new Date(iso) > now && new Date(iso).toDateString() === now.toDateString();
  }

  /** A coming moment as "at …", "tomorrow at …" or "on … at …"; nothing for a past or broken one. */
  coming(iso: string, now: Date): string {
    const at = new Date(iso);
    if (!(at > now)) return '';
    const texts = this.#texts;
    const time = this.clock(iso);
    if (at.toDateString() === now.toDateString()) return fill(texts.today, { time });
    const tomorrow = new Date(now);
    tomorrow.setDate(now.getDate() + 1);
    if (at.toDateString() === tomorrow.toDateString()) return fill(texts.tomorrow, { time });
    const isThisWeek = at.getTime() - now.getTime() < 6 * DAY_MS;
    const day = this.#format(
      at,
      isThisWeek ? { weekday: 'long' } : { day: 'numeric', month: 'long' },
    );
    return fill(texts.later, { day, time });
  }

  #format(at: Date, options: Intl.DateTimeFormatOptions): string {
    return new Intl.DateTimeFormat(this.#locale, options).format(at);
  }
}
