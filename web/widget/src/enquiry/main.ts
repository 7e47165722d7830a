import type { Context } from '../context';
import { attribute, make, write } from '../dom';
import { PATIENCE_MS } from '../part';
import type { FormLook } from '../template/forms';
import type { Snapshot } from '../wire';
import css from './enquiry.css?inline';
import { FormView, type Offering } from './form';
import { askForForm } from './gateway';
import { type EnquiryTexts, TEXTS } from './texts';

/** What the part of templates does for forms. */
interface TemplateModule {
  formLook(
    host: Element,
    gateway: string,
    kind: string,
    language: string,
    tag: unknown,
  ): Promise<FormLook | null>;
}

/** How the form of a page looks, if it does not look as usual. */
interface Wanted {
  host: Element | null;
  gateway: string;
  kind: string;
  language: string;
  tag: unknown;
}

async function lookOf({ host, gateway, kind, language, tag }: Wanted): Promise<FormLook | null> {
  if (!host || !(tag || host.hasAttribute('preview'))) return null;
  try {
    const url = `${gateway}/widget/template.js`;
    const module = await Promise.race<TemplateModule>([
      import(/* @vite-ignore */ url),
      new Promise((_, late) => setTimeout(late, PATIENCE_MS)),
    ]);
    return await module.formLook(host, gateway, kind, language, tag);
  } catch {
    return null;
  }
}

/** The usual texts, with those that a template has of the same name in their place. */
function worded(
  texts: EnquiryTexts,
  kind: 'callback' | 'form',
  own: Record<string, string>,
): EnquiryTexts {
  const flat = Object.entries(texts).map(([key, text]) => [
    key,
    typeof text === 'string' ? own[key] || text : text,
  ]);
  const { open, sent } = texts;
  return {
    ...Object.fromEntries(flat),
    open: { ...open, [kind]: own.open || open[kind] },
    sent: { ...sent, [kind]: own.sent || sent[kind] },
  };
}

let shared: CSSStyleSheet | null = null;

/** The one sheet of all elements of a page. */
function sheet(): CSSStyleSheet {
  if (!shared) {
    shared = new CSSStyleSheet();
    shared.replaceSync(css);
  }
  return shared;
}

/** A button that opens a form, the form, and thanks. */
class Part {
  readonly #open = make('button', 'open');
  readonly #said = make('p', 'said');
  readonly element = make('section', 'enquiry', this.#open, this.#said);
  #offering: Offering;
  #form: FormView | null = null;
  #wanted = '';
  #look: Promise<FormLook | null> = Promise.resolve(null);
  #texts: EnquiryTexts;

  constructor(offering: Offering) {
    this.#offering = offering;
    this.#texts = TEXTS[offering.language];
    this.#open.type = 'button';
    this.#said.tabIndex = -1;
    attribute(this.#said, 'role', 'status');
    this.#said.hidden = true;
    attribute(this.#open, 'aria-expanded', 'false');
    this.#open.onclick = () => {
      if (this.#form) this.#close('');
      else void this.#begin();
    };
  }

  /** Nobody loses what they are writing, nor the thanks that they read. */
  update(isOffered: boolean, offering: Offering | null, wanted: Wanted): void {
    this.element.hidden = !isOffered && !this.#form && this.#said.hidden;
    this.#open.hidden = !isOffered && !this.#form;
    if (!offering) return;
    this.#offering = offering;
    const { language, kind } = offering;
    attribute(this.element, 'lang', language);
    const { tag, host } = wanted;
    const key = `${language} ${kind} ${tag} ${host?.getAttribute('preview')}`;
    if (key !== this.#wanted) {
      this.#wanted = key;
      this.#look = lookOf(wanted);
      this.#name(TEXTS[language], kind);
      void this.#look.then((look) => {
        if (look && key === this.#wanted)
          this.#name(worded(TEXTS[language], kind, look.texts), kind);
      });
    }
  }

  #name(texts: EnquiryTexts, kind: 'callback' | 'form'): void {
    this.#texts = texts;
    const label = texts.open[kind];
    if (this.#open.textContent !== label) this.#open.textContent = label;
    attribute(this.element, 'aria-label', label);
  }

  #close(text: string): void {
    this.#form?.element.remove();
    this.#form = null;
    write(this.#said, text);
    attribute(this.#open, 'aria-expanded', 'false');
    (text ? this.#said : this.#open).focus();
  }

  async #begin(): Promise<void> {
    const { url, language, kind } = this.#offering;
    write(this.#said, this.#texts.wait);
    const asked = askForForm(url, language).catch(() => null);
    const [given, look] = await Promise.all([asked, this.#look]);
    const texts = this.#texts;
    write(this.#said, given ? '' : texts.over);
    if (!given || this.#form) return;
    const ends = {
      sent: () => {
        this.#close(texts.sent[kind]);
        const detail = { kind };
        const event = new CustomEvent('switchboard-left', {
          detail,
          bubbles: true,
          composed: true,
        });
        this.element.dispatchEvent(event);
      },
      cancel: () => this.#close(''),
    };
    this.#form = new FormView(given, texts, () => this.#offering, ends, look);
    attribute(this.#open, 'aria-expanded', 'true');
    this.element.append(this.#form.element);
    this.#form.focus();
  }
}

const parts = new WeakMap<HTMLElement, Part>();

/** Shows what can be left above `before`, as long as it is offered. */
export function show(
  before: HTMLElement,
  isOffered: boolean,
  { publication, cards }: Snapshot,
  { gateway, language }: Context,
): void {
  const root = before.getRootNode();
  const host = root instanceof ShadowRoot ? root.host : null;
  const key = encodeURIComponent(host?.getAttribute('publication') ?? '');
  const offering: Offering | null = isOffered
    ? {
        url: `${gateway}/api/v1/visitor/publications/${key}`,
        language,
        kind: publication.whenUnreachable === 'form' ? 'form' : 'callback',
        choices: cards.map(({ id, name, kind }) => ({ id, name, isGroup: kind === 'group' })),
      }
    : null;
  let part = parts.get(before);
  if (!part && offering) {
    if (root instanceof ShadowRoot && !root.adoptedStyleSheets.includes(sheet())) {
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet()];
    }
    part = new Part(offering);
    parts.set(before, part);
    before.before(part.element);
  }
  const kind = publication.whenUnreachable === 'form' ? 'customer_form' : 'callback';
  const tag = publication.templates[kind];
  part?.update(isOffered, offering, { host, gateway, kind, language, tag });
}
