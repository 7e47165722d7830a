import { ICONS, OUT_OF_OFFICE_ICON } from '@switchboard/presence';
import { Action } from './action';
import type { Context } from './context';
import { arrange, attribute, type Drawn, draw, icon, make, write } from './dom';
import { fill } from './fill';
import { text } from './json';
import { Picture, urlAt } from './picture';
import type { Card, Modality } from './wire';

let count = 0;

/** The card of one contact or group, and the cards of a group's members inside it. */
export class CardView implements Drawn<Card> {
  readonly element = make('li');
  readonly #context: () => Context;
  readonly #isMember: boolean;
  readonly #picture = new Picture();
  readonly #name = make('div', 'name');
  readonly #title = make('div', 'role');
  readonly #place = make('div', 'place');
  readonly #icon = icon();
  readonly #state = make('span', 'label');
  readonly #away = make('span', 'out-of-office', icon(OUT_OF_OFFICE_ICON));
  readonly #awayText = make('span');
  readonly #vcard = make('a', 'vcard', 'vCard');
  readonly #note = make('p', 'note');
  readonly #actions = make('ul', 'actions');
  readonly #reason = make('p', 'reason');
  readonly #next = make('p', 'next');
  readonly #drawnActions = new Map<string, Drawn<Modality>>();
  #members: Members | null = null;
  #card: Card | null = null;
  #drawnIn: Context | null = null;

  constructor(context: () => Context, isMember: boolean) {
    this.#context = context;
    this.#isMember = isMember;
    count += 1;
    this.#reason.id = `reason-${count}`;
    this.#name.id = `name-${count}`;
    this.#away.append(this.#awayText);
    attribute(this.#actions, 'role', 'list');
    this.#actions.setAttribute('aria-labelledby', this.#name.id);
    const status = make(
      'div',
      'status',
      make('span', 'state', this.#icon, this.#state),
      this.#away,
    );
    const who = make('div', 'who', this.#name, this.#title, this.#place, status);
    const head = make('div', 'head', this.#picture.element, who);
    this.element.append(head, this.#note, this.#reason, this.#next, this.#actions, this.#vcard);
  }

  update(card: Card): void {
    const context = this.#context();
    if (card === this.#card && context === this.#drawnIn) return;
    this.#card = card;
    this.#drawnIn = context;
    this.#drawWho(card, context);
    this.#drawState(card, context);
    this.#drawActions(card);
    if (card.members.length || this.#members) {
      this.#members ??= new Members(this.#context, this.element);
      this.#members.update(card);
    }
    if (!this.#isMember) context.look.dress?.(this.element, card);
  }

  #drawWho(card: Card, context: Context): void {
    const part = `${this.#isMember ? 'member' : 'card'} ${card.kind}`;
    attribute(this.element, 'class', part);
    attribute(this.element, 'part', part);
    attribute(this.element, 'data-id', card.id);
    attribute(this.#name, 'role', this.#isMember ? null : 'heading');
    attribute(this.#name, 'aria-level', this.#isMember ? null : String(context.level + 1));
    write(this.#name, card.name);
    write(this.#title, card.title);
    write(this.#place, [card.company, card.site].filter(Boolean).join(' · '));
    this.#picture.update(card, context.gateway);
    const vcard = urlAt(card.vcard, context.gateway);
    attribute(this.#vcard, 'href', vcard || null);
    attribute(this.#vcard, 'aria-label', `vCard: ${card.name}`);
    this.#vcard.hidden = !vcard;
  }

  #drawState(card: Card, { labels, language, texts, times }: Context): void {
    attribute(this.element, 'data-state', card.state);
    attribute(this.element, 'data-reachable', String(card.isReachable));
    draw(this.#icon, ICONS[card.state]);
    const named = text(card.customLabels[language]) || card.custom;
    const finer = named || (card.activity && labels[card.activity]);
    const isSaid = card.isOutOfOffice && card.activity === 'out_of_office' && !card.custom;
    write(this.#state, [labels[card.state], !isSaid && finer].filter(Boolean).join(' · '));
    write(this.#awayText, labels.out_of_office);
    this.#away.hidden = !card.isOutOfOffice;
    write(this.#note, card.note);
    const when = card.isReachable ? '' : times.coming(card.nextReachable, new Date());
    write(this.#reason, card.isReachable ? '' : texts.reason[card.reason ?? 'nobody']);
    write(this.#next, when && fill(texts.next, { time: when }));
  }

  #drawActions(card: Card): void {
    const seen = new Map<string, number>();
    const keyed = card.modalities.map((modality) => {
      const nth = seen.get(modality.kind) ?? 0;
      seen.set(modality.kind, nth + 1);
      return [`${modality.kind}${nth}`, modality] as const;
    });
    this.#actions.hidden = !keyed.length;
    arrange(
      this.#actions,
      this.#drawnActions,
      keyed,
      () => new Action(this.#context, () => this.#card, this.#reason.id),
    );
  }
}

/** A group's members, folded away until a visitor asks for them. */
class Members {
  readonly #context: () => Context;
  readonly #summary = make('summary', 'summary');
  readonly #list = make('ul', 'members');
  readonly #drawn = new Map<string, Drawn<Card>>();
  readonly #details = make('details', 'group-members', this.#summary, this.#list);

  constructor(context: () => Context, parent: HTMLElement) {
    this.#context = context;
    attribute(this.#list, 'role', 'list');
    parent.append(this.#details);
  }

  update({ members, isShared }: Card): void {
    const reachable = members.filter((member) => member.isReachable).length;
    const values = { count: reachable, total: members.length };
    const { texts } = this.#context();
    // How many can be reached is not known where the members show what the group does.
    write(this.#summary, fill(isShared ? texts.membersAsOne : texts.members, values));
    this.#details.hidden = !members.length;
    arrange(
      this.#list,
      this.#drawn,
      members.map((member) => [member.id, member] as const),
      () => new CardView(this.#context, true),
    );
  }
}
