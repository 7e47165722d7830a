/** The element `<switchboard-contacts>`; what it shows, its attributes say. */
export declare class SwitchboardContacts extends HTMLElement {
  static readonly observedAttributes: string[];
}

/** What a page says once about its elements. */
export interface Options {
  /** Where the gateway is that elements belong to which do not name one, such as `https://gateway.example`. */
  gateway?: string;
}

/** Defines the element, once, however often it is called. Needs a browser. */
export declare function define(options?: Options): void;

declare global {
  interface HTMLElementTagNameMap {
    'switchboard-contacts': SwitchboardContacts;
  }
}
