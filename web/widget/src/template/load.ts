import { PATIENCE_MS } from '../part';
import type { Said } from './build';

/** A template as the gateway gives it. */
export interface Template {
  html: string;
  placement: 'embedded' | 'floating';
  variables: Record<string, string>;
  texts: Record<string, Said>;
}

type Json = Record<string, unknown>;
const object = (value: unknown): Json => (value && typeof value === 'object' ? value : {}) as Json;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The variables that there are, and what none of them may have. */
const VARIABLE = /^--switchboard-[a-z-]+$/;
const VALUE = /^(?:#[0-9a-f]{3,6}|light-dark\([#0-9a-f, ]+\)|[0-9.]+(?:px|rem|em)?|[\w ,"-]+)$/i;

/** Reads a template without trusting it. */
export function readTemplate(value: unknown): Template {
  const from = object(value);
  const variables = Object.entries(object(from.variables)).flatMap(([name, value]) =>
    VARIABLE.test(name) && VALUE.test(text(value)) ? [[name, text(value)] as const] : [],
  );
  const texts = Object.entries(object(from.texts)).map(([key, value]) => {
    const said = object(value);
    return [key, { text: text(said.text), language: text(said.language) }] as const;
  });
  return {
    html: text(from.html),
    placement: from.placement === 'floating' ? 'floating' : 'embedded',
    variables: Object.fromEntries(variables),
    texts: Object.fromEntries(texts),
  };
}

const asked = new Map<string, Promise<Template | null>>();

/** The template under an address; null when it cannot be had, or not in time. */
export function load(url: string): Promise<Template | null> {
  let answer = asked.get(url);
  if (!answer) {
    answer = fetch(url, { credentials: 'omit', signal: AbortSignal.timeout(PATIENCE_MS) })
      .then(async (response) => (response.ok ? readTemplate(await response.json()) : null))
      .catch(() => null);
    asked.set(url, answer);
    void answer.then((template) => {
      // Asked for again, when something changes.
      if (!template) asked.delete(url);
    });
  }
  return answer;
}

/** The visitor's language, with its region: templates may speak more languages than the widget. */
export function languageFor(host: Element): string {
  const page = host.parentElement?.closest('[lang]')?.getAttribute('lang');
  return host.getAttribute('lang') || page || navigator.language || 'en';
}

/** Where the gateway has a template of the publication that the element shows. */
export function addressOf(host: Element, gateway: string, kind: string, tag: string): string {
  const key = encodeURIComponent(host.getAttribute('publication') ?? '');
  const query = new URLSearchParams({ language: languageFor(host).slice(0, 35), tag });
  return `${gateway}/api/v1/visitor/publications/${key}/templates/${kind}?${query}`;
}

/** What is to be seen instead of what was saved, by kind: only the portal says so. */
export function previewOf(host: Element, kind: string): Template | null {
  try {
    const found = object(JSON.parse(host.getAttribute('preview') ?? '{}'))[kind];
    return found ? readTemplate(found) : null;
  } catch {
    return null;
  }
}
