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
  /** Where members go, once there are some. */
  members: Element;
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
    if (members) dressed.members.append(members);
    const state = element.querySelector('.label')?.textContent ?? '';
    const { name, title, company, site, note } = card;
    dressed.built.fill({ name, title, company, site, note, state });
  }

  #first(element: HTMLElement): Dressed {
    const built = build(this.#template.html, this.#template.texts, this.#language);
    const { slots } = built;
    for (const [name, selector] of Object.entries(PIECES)) {
      const piece = element.querySelector(selector);
      if (piece) slots.get(name)?.append(piece);
    }
    const actions = slots.get('actions');
    // Why nobody can be reached, and until when, is said wherever there are ways to reach somebody.
    for (const name of ['reason', 'next']) {
      const piece = element.querySelector(`:scope > ${PIECES[name]}`);
      if (piece && actions) actions.before(piece);
    }
    const members = slots.get('members') ?? element;
    element.replaceChildren(built.element);
    const dressed = { built, members };
    this.#dressed.set(element, dressed);
    return dressed;
  }
}
