import { make } from './dom';
import type { Card } from './wire';

/** The hues initials are shown on, in degrees. */
const HUES = [212, 178, 150, 24, 350, 275];

/** The same hue for the same id, on every page. */
export function hueOf(id: string): number {
  let sum = 0;
  for (const char of id) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 65_521;
  return HUES[sum % HUES.length] ?? 0;
}

/** The address of something at the gateway, when it is one that may be loaded. */
export function urlAt(path: string, gateway: string): string {
  if (!path) return '';
  try {
    const url = new URL(path, `${gateway}/`);
    return /^https?:$/.test(url.protocol) ? url.href : '';
  } catch {
    return '';
  }
}

/** A contact's picture; until it is there, or when there is none, the initials. */
export class Picture {
  readonly element = make('div', 'picture');
  readonly #initials = make('span', 'initials');
  #image: HTMLImageElement | null = null;
  #url = '';

  constructor() {
    this.element.ariaHidden = 'true';
    this.element.append(this.#initials);
  }

  update(card: Card, gateway: string): void {
    this.element.style.setProperty('--hue', String(hueOf(card.id)));
    const initials = card.initials || [...card.name][0] || '?';
    if (this.#initials.textContent !== initials) this.#initials.textContent = initials;
    const url = urlAt(card.picture, gateway);
    if (url === this.#url) return;
    this.#url = url;
    this.#image = url ? this.#load(url) : null;
    if (!url) this.#keep(null);
  }

  /** The picture before stays until the next one is there: a state does not flicker. */
  #keep(image: HTMLImageElement | null): void {
    if (image !== this.#image) return;
    for (const other of this.element.querySelectorAll('img')) if (other !== image) other.remove();
  }

  #load(url: string): HTMLImageElement {
    const image = make('img');
    image.alt = '';
    image.loading = 'lazy';
    image.decoding = 'async';
    image.referrerPolicy = 'no-referrer';
    image.onload = () => this.#keep(image);
    image.onerror = () => {
      this.#keep(image);
      image.remove();
    };
    image.src = url;
    this.element.append(image);
    return image;
  }
}
