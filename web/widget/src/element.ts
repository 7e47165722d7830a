import type { Context } from './context';
import type { FeedStatus } from './feed';
import { languageOf, Times } from './language';
import { lookOf, PLAIN } from './look';
import { type Following, follow } from './share';
import { sheet } from './style';
import { View } from './view';
import type { Card } from './wire';
import { speak } from './words';

let scriptGateway = '';

/** Says which gateway elements belong to that do not name one: the script's own. */
export function setScriptGateway(url: string): void {
  scriptGateway = url;
}

/**
 * `<switchboard-contacts publication="KEY">`: the contacts of one publication and who of them can
 * be reached now. Needs nothing of the page, and leaves nothing in the browser.
 */
export class SwitchboardContacts extends HTMLElement {
  static readonly observedAttributes = [
    'publication',
    'gateway',
    'lang',
    'heading',
    'placement',
    'preview',
  ];

  #following: Following | null = null;
  #view: View | null = null;
  #context: Context | null = null;
  #status: FeedStatus | null = null;
  #isWorded = false;

  connectedCallback(): void {
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [sheet()];
    this.#restart();
  }

  disconnectedCallback(): void {
    this.#following?.stop();
    this.#following = null;
    this.#view?.stop();
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (!this.#following || before === after) return;
    this.#context = null;
    if (name === 'publication' || name === 'gateway') this.#restart();
    else this.#show();
  }

  #restart(): void {
    const old = this.#following;
    this.#context = null;
    // Together with the stream, not after it.
    this.#currentContext();
    this.#following = follow(this.#url(), () => this.#show());
    old?.stop();
    this.#show();
  }

  #gateway(): string {
    return (this.getAttribute('gateway') ?? scriptGateway).replace(/\/+$/, '');
  }

  #url(): string {
    const key = encodeURIComponent(this.getAttribute('publication') ?? '');
    return `${this.#gateway()}/api/v1/visitor/publications/${key}/stream`;
  }

  #currentContext(): Context {
    const day = new Date().toDateString();
    if (this.#context?.day === day) return this.#context;
    const page = this.closest('[lang]')?.getAttribute('lang');
    const level = Number(this.getAttribute('heading')) || 2;
    const language = languageOf([this.getAttribute('lang'), page, ...navigator.languages]);
    const gateway = this.#gateway();
    const spoken = speak(language, gateway, this.#reworded);
    this.#context = {
      ...spoken,
      times: new Times(spoken.language, spoken.texts, navigator.languages),
      look: PLAIN,
      gateway,
      level: Math.min(5, Math.max(1, level)),
      day,
      chosen: (card, kind, href) => this.#tell('contacted', { ...who(card), kind, href }, true),
    };
    return this.#context;
  }

  readonly #reworded = (): void => {
    this.#context = null;
    this.#show();
  };

  #show(): void {
    if (!this.#following) return;
    const { status, snapshot } = this.#following.feed;
    let context = this.#currentContext();
    if (!this.#view) {
      this.#view = new View(context, () => this.#following?.feed.wake());
      this.shadowRoot?.append(this.#view.element);
    }
    const root = this.#view.element;
    const look = lookOf(this, root, snapshot?.publication, context, this.#reworded);
    if (look && look !== context.look) {
      context = { ...context, look };
      this.#context = context;
    }
    // Bones, or what stands there, rather than a language or a look that is gone in a moment.
    const isKnown = look && !context.isWaiting;
    if (isKnown) this.#view.update(status, snapshot, context);
    else if (!this.#isWorded) this.#view.update('loading', null, context);
    this.#isWorded ||= Boolean(isKnown && snapshot);
    if (status !== this.#status) {
      this.#status = status;
      this.#tell('status-changed', { status });
    }
    if (status === 'live' && snapshot) this.#tell('updated', { cards: snapshot.cards.map(who) });
  }

  #tell(name: string, detail: unknown, cancelable = false): boolean {
    const event = new CustomEvent(`switchboard-${name}`, {
      detail,
      bubbles: true,
      composed: true,
      cancelable,
    });
    return this.dispatchEvent(event);
  }
}

function who({ id, name, state, isReachable }: Card): object {
  return { id, name, state, isReachable };
}
