import type { Context } from './context';
import { attribute, type Drawn, draw, icon, make, write } from './dom';
import { GLYPHS } from './glyphs';
import type { Card, Modality } from './wire';

/** The button for one way to reach somebody: a link, or a link that says why it does nothing. */
export class Action implements Drawn<Modality> {
  readonly element = make('li');
  readonly #context: () => Context;
  readonly #card: () => Card | null;
  readonly #reason: string;
  readonly #icon = icon();
  readonly #label = make('span');
  readonly #link = make('a', '', this.#icon, this.#label);

  /** `reason` is the id of the text that says why a way is closed. */
  constructor(context: () => Context, card: () => Card | null, reason: string) {
    this.#context = context;
    this.#card = card;
    this.#reason = reason;
    this.element.append(this.#link);
  }

  update({ kind, href, isEnabled }: Modality): void {
    const label = this.#context().texts.modality[kind];
    const link = this.#link;
    draw(this.#icon, GLYPHS[kind]);
    write(this.#label, label);
    attribute(link, 'class', 'button');
    attribute(link, 'part', `button ${kind}${isEnabled ? '' : ' disabled'}`);
    attribute(link, 'data-kind', kind);
    attribute(link, 'aria-label', `${label}: ${this.#card()?.name}`);
    attribute(link, 'href', isEnabled ? href : null);
    // Without its address a link is none: role and tab stop are given back, so the focus stays.
    attribute(link, 'role', isEnabled ? null : 'link');
    attribute(link, 'tabindex', isEnabled ? null : '0');
    attribute(link, 'aria-disabled', isEnabled ? null : 'true');
    attribute(link, 'aria-describedby', isEnabled ? null : this.#reason);
    link.onclick = (event) => {
      const card = this.#card();
      if (isEnabled && card && !this.#context().chosen(card, kind, href)) event.preventDefault();
    };
  }
}
