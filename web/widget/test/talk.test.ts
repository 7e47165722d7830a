import { describe, expect, it, vi } from 'vitest';
import { make } from '../src/dom';
import { Cards } from '../src/template/cards';
import { readTemplate } from '../src/template/load';
import { remember, Talk } from '../src/template/talk';
import type { Card } from '../src/wire';
import { snapshotOf, wireCard } from './fixture';

const SAID = '<p>{{name}}|{{state}}|{{title}}|{{company}}|{{site}}</p><slot name="actions"></slot>';

function cardOf(fields: Record<string, unknown>): Card {
  const [card] = snapshotOf([wireCard(fields)]).cards;
  if (!card) throw new Error('no card');
  return card;
}

/** A card as the widget draws it, with its label only when it is given. */
function drawn({ id, name }: Card, ...more: HTMLElement[]): HTMLElement {
  const link = make('a', 'button', 'Chat');
  link.href = `im:${id}`;
  link.dataset.kind = 'chat';
  const actions = make('ul', 'actions', make('li', '', link));
  const element = make('li', 'card', make('div', 'name', name), ...more, actions);
  element.dataset.id = id;
  return element;
}

/** Opens what stands before writing to whoever a card shows. */
function choose(card: HTMLElement, element: HTMLElement) {
  const root = make('section', 'root', card);
  document.body.replaceChildren(root);
  const talk = new Talk(root, readTemplate({ html: SAID }), 'en');
  const link = [...element.querySelectorAll('a')].at(-1);
  link?.click();
  const dialog = root.querySelector<HTMLDialogElement>('dialog.talk');
  const ways = [...(dialog?.querySelectorAll('a') ?? [])].map((way) => way.getAttribute('href'));
  return { talk, text: dialog?.querySelector('p:not(.talk-name)')?.textContent, ways, dialog };
}

const status = (label: string): HTMLElement => make('div', 'status', make('span', 'label', label));

describe('what stands before a conversation', () => {
  it('says what is known of somebody, whatever the card shows of it', () => {
    const card = cardOf({ title: 'Head', company: null, site: 'Berlin' });
    const element = drawn(card, status('Busy'), make('div', 'place', 'Berlin'));
    remember(element, card);

    const { text, ways, talk, dialog } = choose(element, element);

    expect(text).toBe('Anna Berg|Busy|Head||Berlin');
    expect(ways).toEqual(['im:A']);
    expect(dialog?.open).toBe(true);
    talk.end();
  });

  it('is of a group or of one member, not of both', () => {
    const member = { ...wireCard({ id: 'M', name: 'Bo', title: 'Clerk' }) };
    const card = cardOf({
      id: 'G',
      kind: 'group',
      name: 'Desk',
      title: 'Group',
      members: [member],
    });
    const inner = drawn(cardOf(member), status('Away'));
    const members = make('details', 'group-members', make('ul', 'members', inner));
    // A contact template may put the members first.
    const element = drawn(card, members, status('Busy'));
    remember(element, card);

    const group = choose(element, element);
    expect(group.ways).toEqual(['im:G']);
    expect(group.text).toBe('Desk|Busy|Group|Brightmoor Instruments|Berlin');
    group.talk.end();
    const one = choose(element, inner);
    expect(one.ways).toEqual(['im:M']);
    expect(one.text).toBe('Bo|Away|Clerk|Brightmoor Instruments|Berlin');
    one.talk.end();
  });

  it('leaves a way alone of which nothing is known', () => {
    const element = drawn(cardOf({ id: 'X' }));
    const followed = vi.fn((event: Event) => event.preventDefault());
    element.addEventListener('click', followed);

    const { dialog } = choose(element, element);

    expect(dialog?.open).toBe(false);
    expect(followed).toHaveBeenCalledOnce();
  });
});

describe('the card of a group', () => {
  const card = cardOf({ kind: 'group' });
  const inner = (): HTMLElement => {
    const member = drawn(cardOf({ id: 'M' }), status('Away'), make('p', 'note', 'Mine'));
    return make('details', 'group-members', make('ul', 'members', member));
  };
  const dressed = (html: string, element: HTMLElement): HTMLElement => {
    new Cards(readTemplate({ html }), 'en').dress(element, card);
    return element;
  };

  it('says its own state and keeps out of what members show', () => {
    const html =
      '<slot name="members"></slot><slot name="note"></slot><p>{{state}}</p><slot name="state"></slot>';
    const element = dressed(html, drawn(card, inner(), status('Busy')));

    expect(element.querySelector('.template > p')?.textContent).toBe('Busy');
    expect(element.querySelector('.members .note')?.textContent).toBe('Mine');
  });

  it('shows members in their place or not at all, whenever they come', () => {
    const html = '<slot name="name"></slot>';
    const cards = new Cards(readTemplate({ html }), 'en');
    const element = drawn(card, inner());

    cards.dress(element, card);
    expect(element.querySelector('.group-members')).toBeNull();
    element.append(inner());
    cards.dress(element, card);
    expect(element.querySelector('.group-members')).toBeNull();
  });
});
