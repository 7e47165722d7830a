import { attribute, make } from '../dom';

const CHAT = 'M2 2h12a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H7l-4 3v-3H2a1 1 0 0 1-1-1V3a1 1 0 0 1 1-1Z';

/** A button in the corner of the page, and over the page what it opens. */
export class Float {
  readonly #launcher = make('button', 'launcher');
  readonly #close = make('button', 'close', '✕');
  readonly #panel = make('dialog', 'panel', this.#close);
  readonly #root: HTMLElement;
  readonly #text = make('span');

  /** `icon` makes an icon of a path. */
  constructor(root: HTMLElement, icon: (path: string) => Element) {
    this.#root = root;
    this.#launcher.type = 'button';
    this.#close.type = 'button';
    this.#launcher.append(icon(CHAT), this.#text);
    attribute(this.#launcher, 'aria-haspopup', 'dialog');
    this.#launcher.onclick = () => (this.#panel.open ? this.#shut() : this.#open());
    this.#close.onclick = () => this.#shut();
    this.#panel.onkeydown = (event) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      // A dialog inside of it closes alone.
      if ((event.target as Element).closest('dialog') !== this.#panel) return;
      event.stopPropagation();
      this.#shut();
    };
    root.before(this.#panel);
    this.#panel.append(root);
    this.#panel.after(this.#launcher);
    attribute(this.#launcher, 'aria-expanded', 'false');
  }

  /** Says what the buttons are called. */
  name(open: string, close: string): void {
    if (this.#text.textContent !== open) this.#text.textContent = open;
    attribute(this.#panel, 'aria-label', open);
    attribute(this.#close, 'aria-label', close);
  }

  /** Puts everything back where the page has it. */
  end(): void {
    this.#panel.before(this.#root);
    this.#panel.remove();
    this.#launcher.remove();
  }

  #open(): void {
    this.#panel.show();
    attribute(this.#launcher, 'aria-expanded', 'true');
    this.#close.focus();
  }

  /** Whoever was in it goes back to where they came from. */
  #shut(): void {
    this.#panel.close();
    attribute(this.#launcher, 'aria-expanded', 'false');
    this.#launcher.focus();
  }
}
