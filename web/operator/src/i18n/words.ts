import type { Language, ParametersOf } from '@switchboard/portal/i18n/catalogue';
import { type Known, useWords } from '@switchboard/portal/i18n/context';

type Own = typeof import('./own.en').own;

/** The operator's own messages. */
export type OwnKey = keyof Own;

/** Those that take no parameters. */
export type PlainOwnKey = {
  [Key in OwnKey]: [] extends ParametersOf<Own[Key]> ? Key : never;
}[OwnKey];

/** Words one of the operator's own messages. */
export type T = <Key extends OwnKey>(key: Key, ...values: ParametersOf<Own[Key]>) => string;

/** Loads a language; each is a file of its own. */
export async function loadWords(language: Language): Promise<Known> {
  if (language === 'de') return (await import('./de')).words;
  return (await import('./en')).words;
}

/** Words the operator's own messages in the page's language. */
export function useT(): T {
  // The portal's words know its own keys alone; these are beside them.
  return useWords().t as unknown as T;
}
