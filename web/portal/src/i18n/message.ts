/**
 * Messages with parameters, in a small part of ICU's syntax:
 *
 *   {name}  {count, number}  {at, date}  {at, time}  {at, datetime}  {at, ago}
 *   {count, plural, one {# contact} other {# contacts}}   with `#` as the number
 *
 * A branch of a plural is plain text with `#`; it holds no further parameters.
 */

/** What a parameter may be; dates are RFC 3339 text, as on the wire. */
export type Value = string | number | null | undefined;

export interface Formats {
  locale: string;
  /** Milliseconds since 1970, for `ago`. */
  now: () => number;
}

const PART = /\{(\w+)(?:, (\w+)(?:, ((?:[^{}]|\{[^{}]*\})*))?)?\}/g;
const BRANCH = /(=?\w+) \{([^{}]*)\}/g;

/** `text` with its parameters. */
export function format(text: string, values: Record<string, Value>, formats: Formats): string {
  return text.replaceAll(PART, (_, name: string, kind?: string, rest?: string) => {
    const value = values[name];
    if (value === null || value === undefined) return '';
    if (kind === undefined) return isolated(String(value));
    if (kind === 'plural') return plural(Number(value), rest ?? '', formats.locale);
    if (kind === 'number') return number(Number(value), formats.locale);
    return moment(String(value), kind, formats);
  });
}

/** What turns the direction of text, and what ends that. */
const TURNS = /[\u202a-\u202e\u2066-\u2069]/;
const ISOLATES = /[\u2066-\u2069]/g;

/** A value that would turn round what stands behind it turns only itself. */
function isolated(value: string): string {
  return TURNS.test(value) ? `\u2068${value.replaceAll(ISOLATES, '')}\u2069` : value;
}

/** The parameters that `text` takes. */
export function parametersOf(text: string): string[] {
  return [...new Set([...text.matchAll(PART)].map(([, name = '']) => name))].sort();
}

function plural(count: number, branches: string, locale: string): string {
  const texts = new Map([...branches.matchAll(BRANCH)].map(([, word, text]) => [word, text]));
  const word = new Intl.PluralRules(locale).select(count);
  const text = texts.get(`=${count}`) ?? texts.get(word) ?? texts.get('other') ?? '';
  return text.replaceAll('#', number(count, locale));
}

function number(value: number, locale: string): string {
  return new Intl.NumberFormat(locale).format(value);
}

const STYLES: Record<string, Intl.DateTimeFormatOptions> = {
  date: { dateStyle: 'medium' },
  time: { timeStyle: 'short' },
  datetime: { dateStyle: 'medium', timeStyle: 'short' },
};

function moment(text: string, kind: string, { locale, now }: Formats): string {
  const at = Date.parse(text);
  if (Number.isNaN(at)) return text;
  if (kind === 'ago') return ago(at - now(), locale);
  return new Intl.DateTimeFormat(locale, STYLES[kind]).format(at);
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

function ago(difference: number, locale: string): string {
  const seconds = Math.round(difference / 1000);
  const [unit, size] = STEPS.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1];
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(
    Math.trunc(seconds / size),
    unit,
  );
}
