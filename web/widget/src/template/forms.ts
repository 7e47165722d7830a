import { build, canBuild } from './build';
import { load, placeOf, previewOf } from './load';

/** What a template makes of a form. */
export interface FormLook {
  /** What it says instead of the usual words, by their names. */
  texts: Record<string, string>;
  /** Puts the fields into their order, and takes out those that the template leaves out. */
  arrange(form: HTMLElement, pieces: ReadonlyMap<string, HTMLElement>): void;
}

/** The usual words in place of which templates have their own; what went wrong is said as usual. */
const WORDS = new Set([
  'open',
  'name',
  'phone',
  'mail',
  'text',
  'about',
  'anybody',
  'wished',
  'optional',
  'privacy',
  'send',
  'cancel',
  'sent',
]);

/** What the form of a kind, which speaks a language, looks like on the page of `host`; null when it looks as usual. */
export async function formLook(
  host: Element,
  gateway: string,
  kind: string,
  language: string,
  tag: unknown,
): Promise<FormLook | null> {
  const preview = previewOf(host, kind);
  if (!preview && typeof tag !== 'string') return null;
  const template = preview ?? (await load(placeOf(host, gateway, kind, String(tag))));
  if (!template || !canBuild(template)) return null;
  const texts = Object.entries(template.texts).flatMap(([key, said]) =>
    WORDS.has(key) ? [[key, said.text] as const] : [],
  );
  return {
    texts: Object.fromEntries(texts),
    arrange(form, pieces) {
      const built = build(template.html, template.texts, language);
      built.fill({});
      for (const [name, piece] of pieces) {
        const place = built.slots.get(name);
        if (place) place.append(piece);
        else piece.remove();
      }
      form.prepend(built.element);
    },
  };
}
