import { attribute, make } from '../dom';
import { build } from './build';
import type { Template } from './load';

const CHAT = 'a[data-kind="chat"][href]';

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
    const card = link?.closest<HTMLElement>('[data-id]');
    if (!link || !card || this.#dialog.contains(link) || this.#dialog.open) return;
    event.preventDefault();
    event.stopPropagation();
    this.#chosen = link;
    this.#show(card);
  };

  #show(card: HTMLElement): void {
    const { html, texts } = this.#template;
    const built = build(html, texts, this.#language);
    const said = (selector: string): string => card.querySelector(selector)?.textContent ?? '';
    const [name, state] = [said('.name'), said('.label')];
    const [company = '', site = ''] = said('.place').split(' · ');
    built.fill({ name, state, title: said('.role'), company, site });
    const ways = [...card.querySelectorAll<HTMLElement>('.actions a[href]')];
    const list = make('ul', 'actions', ...ways.map((way) => this.#way(way)));
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
