import { object, text } from '../json';
import { languageOf } from '../language';
import { PATIENCE_MS } from '../part';
import type { Said } from './build';

/** A template as the gateway gives it. */
export interface Template {
  html: string;
  placement: 'embedded' | 'floating';
  variables: Record<string, string>;
  texts: Record<string, Said>;
}

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
function ask(url: string): Promise<Template | null> {
  let answer = asked.get(url);
  if (!answer) {
    answer = fetch(url, { credentials: 'omit', signal: AbortSignal.timeout(PATIENCE_MS) })
      .then(async (response) => (response.ok ? readTemplate(await response.json()) : null))
      .catch(() => null);
    asked.set(url, answer);
    void answer.then((template) => {
      // Whoever comes later may be luckier.
      if (!template) asked.delete(url);
    });
  }
  return answer;
}

const baseOf = (tag: string): string => tag.slice(0, 2).toLowerCase();

/** The visitor's languages, with regions. */
export interface Languages {
  /** Their first: templates may speak more languages than the widget. */
  first: string;
  /** That of the widget, in which cards are. */
  spoken: string;
}

export function languagesFor(host: Element): Languages {
  const page = host.closest('[lang]')?.getAttribute('lang');
  const wanted = [host.getAttribute('lang'), page, ...navigator.languages].filter(
    Boolean,
  ) as string[];
  const spoken = languageOf(wanted);
  return {
    first: wanted[0] ?? spoken,
    spoken: wanted.find((tag) => baseOf(tag) === spoken) ?? spoken,
  };
}

/** Where the gateway has a template of the publication that the element shows, in the languages of its visitor. */
export interface Place {
  languages: Languages;
  first: string;
  spoken: string;
}

export function placeOf(host: Element, gateway: string, kind: string, tag: string): Place {
  const key = encodeURIComponent(host.getAttribute('publication') ?? '');
  const languages = languagesFor(host);
  const address = (language: string): string => {
    const query = new URLSearchParams({ language: language.slice(0, 35), tag });
    return `${gateway}/api/v1/visitor/publications/${key}/templates/${kind}?${query}`;
  };
  return { languages, first: address(languages.first), spoken: address(languages.spoken) };
}

/** A template, its texts in the visitor's first language, else in that of the cards; null when it cannot be had. */
export async function load({ languages, first, spoken }: Place): Promise<Template | null> {
  const wanted = baseOf(languages.first);
  if (wanted === baseOf(languages.spoken)) return ask(first);
  const [template, other] = await Promise.all([ask(first), ask(spoken)]);
  if (!template || !other) return template ?? other;
  const texts = Object.entries(template.texts).map(
    ([key, said]) =>
      [key, baseOf(said.language) === wanted ? said : (other.texts[key] ?? said)] as const,
  );
  return { ...template, texts: Object.fromEntries(texts) };
}

/** What an element has in its attribute, read once for each value of it. */
const previews = new WeakMap<Element, { value: string; templates: Map<string, Template> }>();

function readPreview(value: string): Map<string, Template> {
  try {
    const kinds = Object.entries(object(JSON.parse(value))).filter(([, found]) => found);
    return new Map(kinds.map(([kind, found]) => [kind, readTemplate(found)]));
  } catch {
    return new Map();
  }
}

/**
 * What is to be seen instead of what was saved, by kind: only the portal says so. The same object as long as the
 * element has the same.
 */
export function previewOf(host: Element, kind: string): Template | null {
  const value = host.getAttribute('preview') ?? '{}';
  let preview = previews.get(host);
  if (preview?.value !== value) {
    preview = { value, templates: readPreview(value) };
    previews.set(host, preview);
  }
  return preview.templates.get(kind) ?? null;
}
