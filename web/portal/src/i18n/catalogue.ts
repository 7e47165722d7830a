import type { Value } from './message';

/** The languages of the portal. */
export const LANGUAGES = ['en', 'de'] as const;

export type Language = (typeof LANGUAGES)[number];

/** What each language calls itself. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', de: 'Deutsch' };

/** Every message, as the English catalogue has it. */
export type Messages = typeof import('./en').en;

export type MessageKey = keyof Messages;

/** A catalogue in another language. */
export type Catalogue = Record<MessageKey, string>;

/** The part of a catalogue that every visit needs before its first page is there. */
export type FirstWords = Record<keyof typeof import('./en/first').first, string>;

/** The names of the parameters in a text. */
type NamesIn<Text extends string> = Text extends `${string}{${infer Inside}}${infer Rest}`
  ? NameOf<Inside> | NamesIn<Rest>
  : never;

type NameOf<Inside extends string> = Inside extends `${infer Name}, ${string}`
  ? Name extends `${string} ${string}`
    ? never
    : Name
  : Inside extends `#${string}` | `${string} ${string}` | ''
    ? never
    : Inside;

/** The parameters of a text; none are no argument. */
export type ParametersOf<Text extends string> = [NamesIn<Text>] extends [never]
  ? []
  : [values: Record<NamesIn<Text>, Value>];

/** The parameters of a message. */
export type Parameters<Key extends MessageKey> = ParametersOf<Messages[Key]>;

/** The messages that take no parameters. */
export type PlainKey = {
  [Key in MessageKey]: [NamesIn<Messages[Key]>] extends [never] ? Key : never;
}[MessageKey];

/** Words a message. */
export type Translate = <Key extends MessageKey>(key: Key, ...values: Parameters<Key>) => string;

/** Loads what the pages on which visits begin say. */
export async function loadFirstWords(language: Language): Promise<FirstWords> {
  if (language === 'de') return (await import('./de/first')).first;
  return (await import('./en/first')).first;
}

/** Loads a language; each is a file of its own. */
export async function loadCatalogue(language: Language): Promise<Catalogue> {
  if (language === 'de') return (await import('./de')).de;
  return (await import('./en')).en;
}
