import type { Card } from '../wire';
import { type Built, build } from './build';
import type { Template } from './load';

/** Where what the widget draws is found, by the name of its slot. */
const PIECES: Record<string, string> = {
  picture: '.picture',
  name: '.name',
  role: '.role',
  place: '.place',
  state: '.status',
  note: '.note',
  reason: '.reason',
  next: '.next',
  actions: '.actions',
  vcard: '.vcard',
  members: '.group-members',
};

interface Dressed {
  built: Built;
  /** Where members go, once there are some; nowhere without a place for them. */
  members: Element | undefined;
}

/** What is found in a card and belongs to it, not to a member inside of it. */
export function own(card: Element, selector: string): HTMLElement[] {
  const found = [...card.querySelectorAll<HTMLElement>(selector)];
  return found.filter((one) => one.closest('[data-id]') === card);
}

/** Puts cards into the form that a template gives them; their parts are those that the widget draws. */
export class Cards {
  readonly #template: Template;
  readonly #language: string;
  readonly #dressed = new WeakMap<Element, Dressed>();

  constructor(template: Template, language: string) {
    this.#template = template;
    this.#language = language;
  }

  dress(element: HTMLElement, card: Card): void {
    const dressed = this.#dressed.get(element) ?? this.#first(element);
    const members = element.querySelector(':scope > .group-members');
    if (members && dressed.members) dressed.members.append(members);
    else members?.remove();
    const state = own(element, '.label')[0]?.textContent ?? '';
    const { name, title, company, site, note } = card;
    dressed.built.fill({ name, title, company, site, note, state });
  }

  #first(element: HTMLElement): Dressed {
    const built = build(this.#template.html, this.#template.texts, this.#language);
    const { slots } = built;
    for (const [name, selector] of Object.entries(PIECES)) {
      const [piece] = own(element, selector);
      if (piece) slots.get(name)?.append(piece);
    }
    const actions = slots.get('actions');
    // Why nobody can be reached, and until when, is said wherever there are ways to reach somebody.
    for (const name of ['reason', 'next']) {
      const piece = element.querySelector(`:scope > ${PIECES[name]}`);
      if (piece && actions) actions.before(piece);
    }
    const members = slots.get('members');
    element.replaceChildren(built.element);
    const dressed = { built, members };
    this.#dressed.set(element, dressed);
    return dressed;
  }
}
