import type { Context } from '../context';
import { icon } from '../dom';
import type { Look } from '../look';
import type { Publication } from '../wire';
import { canBuild } from './build';
import { Cards } from './cards';
import { Float } from './float';
import { load, placeOf, previewOf, type Template } from './load';
import { remember, Talk } from './talk';
import css from './template.css?inline';

export { build } from './build';
export { formLook } from './forms';
export { readTemplate } from './load';

/** What the buttons of a panel are called where no template says so. */
const BUTTONS = {
  en: { open: 'Contact us', close: 'Close' },
  de: { open: 'Kontakt', close: 'Schließen' },
};

let shared: CSSStyleSheet | null = null;

/** The sheet that what templates arrange looks by. */
export function sheet(): CSSStyleSheet {
  if (!shared) {
    shared = new CSSStyleSheet();
    shared.replaceSync(css);
  }
  return shared;
}

/** How long an element does without a template that could not be had. */
const RETRY_MS = 60_000;

/** A template that was asked for: null when it could not be had, undefined until that is known. */
interface Known {
  template: Template | null | undefined;
  /** When it was asked for, by the page's clock. */
  at: number;
}

/** The template, unless the page lets nobody build it; that reads all of it. */
function usable(template: Template | null | undefined): Template | null {
  return template && canBuild(template) ? template : null;
}

function differ(these: readonly unknown[], those: readonly unknown[]): boolean {
  return these.some((one, at) => one !== those[at]);
}

/** What one element looks like. */
class Dresser {
  readonly #host: HTMLElement;
  readonly #root: HTMLElement;
  readonly #own = new CSSStyleSheet();
  /** Templates by their address. */
  readonly #known = new Map<string, Known>();
  #look: Look = {};
  /** What the look and the conversation were made of. */
  #dressed: readonly unknown[] = [];
  #spoken: readonly unknown[] = [];
  #float: Float | null = null;
  #talk: Talk | null = null;

  constructor(host: HTMLElement, root: HTMLElement) {
    this.#host = host;
    this.#root = root;
  }

  look(publication: Publication | undefined, context: Context, changed: () => void): Look | null {
    this.#adopt();
    const find = (kind: string) => this.#find(kind, publication, context, changed);
    const [contact, conversation] = [find('contact'), find('conversation')];
    if (contact === undefined) return null;
    const { language } = context;
    const dressed = [contact, language, this.#host.getAttribute('placement')];
    if (differ(dressed, this.#dressed)) {
      this.#dressed = dressed;
      this.#dress(usable(contact), context);
    }
    const spoken = [conversation, language];
    // A conversation that is open goes on until it is known what comes in its place.
    if (conversation !== undefined && differ(spoken, this.#spoken)) {
      this.#spoken = spoken;
      this.#talks(usable(conversation), language);
    }
    return this.#look;
  }

  #dress(contact: Template | null, context: Context): void {
    this.#place(contact, context);
    this.#paint(contact?.variables ?? {});
    const cards = contact && new Cards(contact, context.language);
    this.#look = {
      dress(element, card) {
        remember(element, card);
        cards?.dress(element, card);
      },
    };
  }

  /** An element that is moved in the page has only the usual sheets again. */
  #adopt(): void {
    const shadow = this.#host.shadowRoot;
    if (shadow && !shadow.adoptedStyleSheets.includes(this.#own)) {
      shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheet(), this.#own];
    }
  }

  /** The template of a kind; null for the built-in one, undefined until it is there. */
  #find(
    kind: string,
    publication: Publication | undefined,
    context: Context,
    changed: () => void,
  ): Template | null | undefined {
    const preview = previewOf(this.#host, kind);
    const tag = publication?.templates[kind];
    if (preview || typeof tag !== 'string') return preview;
    const place = placeOf(this.#host, context.gateway, kind, tag);
    const address = place.first + place.spoken;
    const before = this.#known.get(address);
    const now = performance.now();
    if (before && (before.template || now < before.at + RETRY_MS)) return before.template;
    // What could not be had stays away while it is asked for again.
    const known: Known = { template: before?.template, at: now };
    this.#known.set(address, known);
    void load(place).then((template) => {
      known.template = template;
      changed();
    });
    return known.template;
  }

  #place(contact: Template | null, { language }: Context): void {
    const placement = this.#host.getAttribute('placement') ?? contact?.placement;
    if (placement !== 'floating') {
      this.#float?.end();
      this.#float = null;
    } else {
      this.#float ??= new Float(this.#root, icon);
      const { open, close } = BUTTONS[language];
      const { texts = {} } = contact ?? {};
      this.#float.name(texts.open?.text || open, texts.close?.text || close);
    }
  }

  #talks(conversation: Template | null, language: string): void {
    if (conversation) {
      if (this.#talk) this.#talk.update(conversation, language);
      else this.#talk = new Talk(this.#root, conversation, language);
    } else {
      this.#talk?.end();
      this.#talk = null;
    }
  }

  /** Variables of a rule of our own: a page that sets some for the element has the last word. */
  #paint(variables: Record<string, string>): void {
    this.#own.replaceSync(':host{}');
    const [rule] = this.#own.cssRules;
    if (!(rule instanceof CSSStyleRule)) return;
    for (const [name, value] of Object.entries(variables)) rule.style.setProperty(name, value);
    // What is measured would also hold what is placed on the page.
    if (this.#float) rule.style.setProperty('container-type', 'normal');
  }
}

const dressers = new WeakMap<HTMLElement, Dresser>();

/** How the element looks now; null until that is known, which `changed` tells. */
export function look(
  host: HTMLElement,
  root: HTMLElement,
  publication: Publication | undefined,
  context: Context,
  changed: () => void,
): Look | null {
  let dresser = dressers.get(root);
  if (!dresser) {
    dresser = new Dresser(host, root);
    dressers.set(root, dresser);
  }
  return dresser.look(publication, context, changed);
}
