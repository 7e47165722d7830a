import type { Context } from '../context';
import { attribute, make, write } from '../dom';
import type { Snapshot } from '../wire';
import css from './enquiry.css?inline';
import { FormView, type Offering } from './form';
import { askForForm } from './gateway';
import { TEXTS } from './texts';

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

  constructor(offering: Offering) {
    this.#offering = offering;
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
  update(isOffered: boolean, offering: Offering | null): void {
    this.element.hidden = !isOffered && !this.#form && this.#said.hidden;
    this.#open.hidden = !isOffered && !this.#form;
    if (!offering) return;
    this.#offering = offering;
    const { language, kind } = offering;
    attribute(this.element, 'lang', language);
    const label = TEXTS[language].open[kind];
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
    const texts = TEXTS[language];
    write(this.#said, texts.wait);
    const given = await askForForm(url, language).catch(() => null);
    write(this.#said, given ? '' : texts.over);
    if (!given || this.#form) return;
    this.#form = new FormView(given, texts, () => this.#offering, {
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
    });
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
  part?.update(isOffered, offering);
}
