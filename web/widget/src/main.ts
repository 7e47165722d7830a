import { SwitchboardContacts, setScriptGateway } from './element';

const script = document.currentScript;
if (script instanceof HTMLScriptElement && script.src) {
  setScriptGateway(new URL('..', script.src).href);
}
if (!customElements.get('switchboard-contacts')) {
  customElements.define('switchboard-contacts', SwitchboardContacts);
}
