import { attribute, make } from '../dom';
import type { Card } from '../wire';
import { build } from './build';
import { own } from './cards';
import type { Template } from './load';

const CHAT = 'a[data-kind="chat"][href]';

/** What cards are of: not all of it is said in every one. */
const shown = new WeakMap<Element, Card>();

export function remember(element: Element, card: Card): void {
  shown.set(element, card);
}

/** What a card is of, also that of a member inside of a group's. */
function cardOf(element: HTMLElement): Card | undefined {
  const group = element.parentElement?.closest<HTMLElement>('[data-id]');
  const members = group ? cardOf(group)?.members : [];
  return shown.get(element) ?? members?.find(({ id }) => id === element.dataset.id);
}

/**
 * What stands between choosing to write to somebody and writing: a greeting, and the ways that are open. There is no
 * conversation in the page itself: a way leads to where the conversation is.
 */
export class Talk {
  readonly #root: HTMLElement;
  readonly #dialog = make('dialog', 'talk');
  #template: Template;
  #language: string;
  #chosen: HTMLElement | null = null;

  constructor(root: HTMLElement, template: Template, language: string) {
    this.#root = root;
    this.#template = template;
    this.#language = language;
    root.addEventListener('click', this.#asked, true);
    this.#dialog.onclose = () => this.#chosen?.focus();
    root.append(this.#dialog);
  }

  update(template: Template, language: string): void {
    this.#template = template;
    this.#language = language;
  }

  end(): void {
    this.#root.removeEventListener('click', this.#asked, true);
    this.#dialog.remove();
  }

  readonly #asked = (event: MouseEvent): void => {
    const link = event.target instanceof Element ? event.target.closest<HTMLElement>(CHAT) : null;
    const element = link?.closest<HTMLElement>('[data-id]');
    const card = element && cardOf(element);
    if (!link || !card || this.#dialog.contains(link) || this.#dialog.open) return;
    event.preventDefault();
    event.stopPropagation();
    this.#chosen = link;
    this.#show(element, card);
  };

  #show(element: HTMLElement, { name, title, company, site }: Card): void {
    const { html, texts } = this.#template;
    const built = build(html, texts, this.#language);
    const state = own(element, '.label')[0]?.textContent ?? '';
    built.fill({ name, state, title, company, site });
    const ways = own(element, '.actions a[href]').map((way) => this.#way(way));
    const list = make('ul', 'actions', ...ways);
    built.slots.get('actions')?.append(list);
    const close = make('button', 'close', '✕');
    close.type = 'button';
    attribute(close, 'aria-label', texts.close?.text || '✕');
    close.onclick = () => this.#dialog.close();
    attribute(this.#dialog, 'aria-label', name);
    this.#dialog.replaceChildren(close, make('p', 'talk-name', name), built.element);
    this.#dialog.showModal();
  }

  /** The same way once more; what it does is done by the one of the card, which tells the page. */
  #way(way: HTMLElement): HTMLElement {
    const copy = way.cloneNode(true) as HTMLElement;
    copy.onclick = (event) => {
      event.preventDefault();
      way.click();
      this.#dialog.close();
    };
    return make('li', '', copy);
  }
}
