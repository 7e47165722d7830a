import { Announcer } from './announcer';
import { CardView } from './card';
import type { Context } from './context';
import { arrange, attribute, type Drawn, make, write } from './dom';
import type { FeedStatus } from './feed';
import { fill } from './fill';
import { silenced } from './merge';
import { offer } from './offer';
import type { Card, Publication, Snapshot } from './wire';

/** Everything inside the element: heading, notice, cards, and what is said aloud. */
export class View {
  readonly element = make('section', 'root');
  readonly #title = make('div', 'title');
  readonly #opening = make('div', 'opening');
  readonly #header = make('header', 'header', this.#title, this.#opening);
  readonly #notice = make('p', 'notice');
  readonly #message = make('p', 'message');
  readonly #retry = make('button', 'retry');
  readonly #skeleton = make('div', 'skeleton', ...[0, 1, 2].map(() => make('div', 'bone')));
  readonly #list = make('ul', 'list');
  readonly #live = make('p', 'live');
  readonly #drawn = new Map<string, Drawn<Card>>();
  readonly #announcer = new Announcer(
    (text) => {
      this.#live.textContent = text;
    },
    (total) => fill(this.#context.texts.changes, { total, count: this.#reachable }),
  );
  #context: Context;
  #reachable = 0;
  #said = new Map<string, string>();
  #wasSilent = false;

  constructor(context: Context, retry: () => void) {
    this.#context = context;
    this.#retry.type = 'button';
    this.#retry.onclick = retry;
    attribute(this.#title, 'role', 'heading');
    attribute(this.#list, 'role', 'list');
    attribute(this.#live, 'role', 'status');
    this.element.append(
      this.#header,
      this.#notice,
      this.#message,
      this.#retry,
      this.#skeleton,
      this.#list,
      this.#live,
    );
  }

  /** Shows this. */
  update(status: FeedStatus, snapshot: Snapshot | null, context: Context): void {
    if (context.look !== this.#context.look) {
      // They are drawn anew, because no look knows what another one made of them.
      this.#list.replaceChildren();
      this.#drawn.clear();
    }
    this.#context = context;
    const { texts } = context;
    const isSilent = status === 'silent';
    const cards = snapshot?.cards ?? [];
    attribute(this.element, 'lang', context.language);
    attribute(this.element, 'data-status', status);
    attribute(this.element, 'aria-busy', String(status === 'loading'));
    attribute(this.#title, 'aria-level', String(context.level));
    this.#drawHeader(snapshot?.publication, isSilent);
    if (snapshot && status === 'live') {
      const { isReachable, whenUnreachable } = snapshot.publication;
      this.element.hidden = !isReachable && whenUnreachable === 'hide';
      offer(this.#list, snapshot, context);
    }
    let message = '';
    if (status === 'failed' || status === 'missing' || status === 'loading')
      message = texts[status];
    else if (!cards.length) message = texts.empty;
    write(this.#message, message);
    write(this.#retry, status === 'failed' ? texts.retry : '');
    this.#skeleton.hidden = status !== 'loading';
    this.#list.hidden = !cards.length;
    const shown = isSilent ? cards.map(silenced) : cards;
    this.#reachable = shown.filter((card) => card.isReachable).length;
    arrange(
      this.#list,
      this.#drawn,
      shown.map((card) => [card.id, card] as const),
      () => new CardView(() => this.#context, false),
    );
    this.#announce(shown, isSilent);
  }

  /** Leaves nothing to be said later. */
  stop(): void {
    this.#announcer.clear();
  }

  #drawHeader(publication: Publication | undefined, isSilent: boolean): void {
    const { texts, times } = this.#context;
    const now = new Date();
    const {
      title = '',
      isOpen = true,
      opensAt = '',
      closesAt = '',
      isReachable = true,
      nextReachable = '',
    } = publication ?? {};
    write(this.#title, title);
    const isUntil = isOpen && times.isToday(closesAt, now);
    const open = isUntil ? fill(texts.openUntil, { time: times.clock(closesAt) }) : texts.open;
    // A publication without opening hours has nothing to say about them.
    const hasHours = !isOpen || closesAt;
    write(this.#opening, hasHours && !isSilent ? (isOpen ? open : texts.closed) : '');
    attribute(this.#opening, 'data-open', String(isOpen));
    this.#header.hidden = this.#title.hidden && this.#opening.hidden;
    const time = times.coming(isOpen ? nextReachable : opensAt, now);
    const closed = time ? fill(texts.closedUntil, { time }) : texts.closedNow;
    const nobody = texts.reason.nobody + (time && `. ${fill(texts.next, { time })}`);
    write(this.#notice, isSilent ? texts.silent : isOpen ? (isReachable ? '' : nobody) : closed);
  }

  #announce(cards: Card[], isSilent: boolean): void {
    const { labels, texts } = this.#context;
    const before = this.#said;
    this.#said = new Map(cards.map((card) => [card.id, `${card.name}: ${labels[card.state]}.`]));
    if (isSilent !== this.#wasSilent) {
      this.#announcer.clear();
      if (isSilent) this.#announcer.note('', texts.silent);
    }
    const isTurn = isSilent || this.#wasSilent;
    this.#wasSilent = isSilent;
    if (isTurn) return;
    for (const [id, text] of this.#said) {
      const old = before.get(id);
      if (old && old !== text) this.#announcer.note(id, text);
    }
  }
}
