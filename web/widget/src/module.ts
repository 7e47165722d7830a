import { SwitchboardContacts, setScriptGateway } from './element';

export { SwitchboardContacts };

/** What a page says once about its elements. */
export interface Options {
  /** Where the gateway is that elements belong to which do not name one. */
  gateway?: string;
}

/** Where this module lies, as long as it is not part of something else. */
const here: string = import.meta.url;

/** Defines `<switchboard-contacts>`, once, however often it is called. */
export function define({ gateway }: Options = {}): void {
  const own = /\/widget\/module\.js$/.test(here) ? new URL('..', here).href : '';
  setScriptGateway(gateway ?? own);
  if (!customElements.get('switchboard-contacts'))
    customElements.define('switchboard-contacts', SwitchboardContacts);
}
