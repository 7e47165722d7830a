import { describe, expect, it } from 'vitest';
import { icon, make } from '../src/dom';
import { build } from '../src/template/build';
import { Cards } from '../src/template/cards';
import { Float } from '../src/template/float';
import { readTemplate } from '../src/template/load';
import { snapshotOf, wireCard } from './fixture';

const texts = { hello: { text: 'Guten <b>Tag</b>', language: 'de' } };

/** Ways to run something in somebody else's page, in case the gateway were taken in by one of them. */
const VECTORS = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg onload=alert(1)><script>alert(1)</script></svg>',
  '<math><a xlink:href="javascript:alert(1)">x</a></math>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<div onclick="alert(1)" style="background:url(javascript:alert(1))">x</div>',
  '<a href="javascript:alert(1)">x</a>',
  '<a href=" javascript:alert(1)">x</a>',
  '<a href="java\tscript:alert(1)">x</a>',
  '<a href="data:text/html,<script>alert(1)</script>">x</a>',
  '<a href="https://x" onclick="alert(1)" id="y" target="_top">x</a>',
  '<slot name="x" onslotchange="alert(1)"></slot>',
  '<form action="https://evil.example"><input autofocus onfocus=alert(1)></form>',
  '<style>*{display:none}</style><link rel=stylesheet href=https://evil.example>',
  '<template><script>alert(1)</script></template>',
  '<details open ontoggle=alert(1)>x</details>',
  '<base href="https://evil.example"><meta http-equiv=refresh content="0;url=https://evil.example">',
  '<switchboard-contacts publication="x"></switchboard-contacts>',
];

describe('what is made of HTML', () => {
  it.each(VECTORS)('has nothing of %s that runs, loads or styles', (html) => {
    const { element } = build(`<div>${html}</div>`, {}, 'en');

    for (const one of element.querySelectorAll('*')) {
      expect(one.localName).toMatch(/^(?:div|a)$/);
      for (const { name, value } of one.attributes) {
        expect(name).toMatch(/^(?:class|href|target|rel)$/);
        if (name === 'href') expect(value).toMatch(/^https:\/\//);
        if (name === 'target') expect(value).toBe('_blank');
      }
    }
  });

  it('keeps what is on the list', () => {
    const html =
      '<div class="row other"><p lang="de-AT" dir="rtl">a<br>b</p><a href="tel:+49">c</a></div>';
    const { element } = build(html, {}, 'en');

    expect(element.innerHTML).toBe(
      '<div class="row"><p lang="de-AT" dir="rtl">a<br>b</p><a href="tel:+49" target="_blank" rel="noopener noreferrer">c</a></div>',
    );
  });

  it('puts values and texts in as text, and says in which language they are', () => {
    const html =
      '<p>{{ t.hello }}, {{name}}</p><p>{{t.hello}}</p><p>({{title}})</p><p>{{t.no}}</p>';
    const { element, fill } = build(html, texts, 'en');
    const lines = (): (string | null)[] => [...element.children].map((one) => one.textContent);

    fill({ name: '<img src=x>', title: '' });
    expect(lines()).toEqual(['Guten <b>Tag</b>, <img src=x>', 'Guten <b>Tag</b>', '', '']);
    expect(element.querySelector('span')?.lang).toBe('de');
    expect(element.querySelector('b, img')).toBeNull();
    fill({ name: 'Bo', title: 'Head' });
    expect(lines().slice(0, 3)).toEqual(['Guten <b>Tag</b>, Bo', 'Guten <b>Tag</b>', '(Head)']);
    expect(build(html, texts, 'de').element.querySelector('span')).toBeNull();
  });

  it('says nothing about what is not known of a contact, whatever its own texts', () => {
    const { element, fill } = build('{{t.hello}} {{company}}', texts, 'de');

    fill({ company: '' });
    expect(element.textContent).toBe('');
    fill({ company: 'Brightmoor' });
    expect(element.textContent).toBe('Guten <b>Tag</b> Brightmoor');
  });

  it('is no deeper than anybody needs', () => {
    const { element } = build('<div>'.repeat(500), {}, 'en');

    expect(element.querySelectorAll('div').length).toBeLessThanOrEqual(33);
  });
});

describe('a template', () => {
  it('is read without trusting it', () => {
    const read = readTemplate({
      html: 7,
      placement: 'everywhere',
      variables: {
        '--switchboard-ink': '#000',
        '--switchboard-accent': 'light-dark(#0d5a63, #6fd0d6)',
        '--switchboard-gap': 'url(https://evil.example)',
        '--switchboard-font': 'x;color:red',
        '--other': '#000',
      },
      texts: { a: 'x', b: { text: 'y', language: 'de' } },
    });

    expect(read).toEqual({
      html: '',
      placement: 'embedded',
      variables: {
        '--switchboard-ink': '#000',
        '--switchboard-accent': 'light-dark(#0d5a63, #6fd0d6)',
      },
      texts: { a: { text: '', language: '' }, b: { text: 'y', language: 'de' } },
    });
    expect(readTemplate(null).texts).toEqual({});
  });
});

describe('a card', () => {
  const drawn = (): HTMLElement => {
    const label = make('span', 'label', 'Busy');
    const status = make('div', 'status', label);
    const who = make(
      'div',
      'who',
      make('div', 'name', 'Anna'),
      make('div', 'role', 'Head'),
      status,
    );
    const head = make('div', 'head', make('div', 'picture'), who);
    const parts = [make('p', 'note'), make('p', 'reason', 'Busy'), make('p', 'next')];
    const element = make('li', 'card', head, ...parts, make('ul', 'actions'));
    element.dataset.id = 'A';
    return element;
  };
  const [card] = snapshotOf([wireCard({ title: 'Head' })]).cards;
  if (!card) throw new Error('no card');

  it('keeps its parts, in the order of the template', () => {
    const html =
      '<slot name="actions"></slot><slot name="name"></slot><slot name="state"></slot><p>{{state}} {{title}}</p>';
    const element = drawn();
    const parts = ['.actions', '.name', '.status'].map((one) => element.querySelector(one));
    const cards = new Cards(readTemplate({ html }), 'en');

    cards.dress(element, card);
    cards.dress(element, { ...card, title: 'Chief' });

    expect(element.textContent).toBe('BusyAnnaBusyBusy Chief');
    expect(['.actions', '.name', '.status'].map((one) => element.querySelector(one))).toEqual(
      parts,
    );
    expect(element.querySelector('.role, .picture, .head')).toBeNull();
    const order = [...element.querySelectorAll('.reason, .actions, .name')];
    expect(order.map((one) => one.className)).toEqual(['reason', 'actions', 'name']);
  });

  it('shows the members that a group gets later', () => {
    const element = drawn();
    const cards = new Cards(readTemplate({ html: '<slot name="members"></slot><p>x</p>' }), 'en');
    cards.dress(element, card);
    element.append(make('details', 'group-members'));

    cards.dress(element, card);

    expect(element.querySelector('.place-of > .group-members')).not.toBeNull();
  });
});

describe('a panel', () => {
  it('opens by its button, takes the focus and gives it back', () => {
    const root = make('section', 'root');
    const page = make('div', '', root);
    document.body.append(page);
    const float = new Float(root, icon);
    float.name('Contact us', 'Close');
    const launcher = page.querySelector<HTMLElement>('.launcher');
    const panel = page.querySelector('dialog');
    const close = page.querySelector<HTMLElement>('.close');

    launcher?.click();
    expect(panel?.open).toBe(true);
    expect(launcher?.getAttribute('aria-expanded')).toBe('true');
    expect(document.activeElement).toBe(close);
    panel?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
    expect(panel?.open).toBe(false);
    expect(document.activeElement).toBe(launcher);
    expect(close?.getAttribute('aria-label')).toBe('Close');

    // A dialog inside of it, such as that before a conversation, closes alone.
    launcher?.click();
    const inner = make('dialog', 'talk', make('button'));
    root.append(inner);
    const key = { key: 'Escape', bubbles: true };
    inner.firstElementChild?.dispatchEvent(new KeyboardEvent('keydown', key));
    expect(panel?.open).toBe(true);
    root.dispatchEvent(new KeyboardEvent('keydown', key));
    expect(panel?.open).toBe(false);

    float.end();
    expect([...page.children]).toEqual([root]);
    page.remove();
  });
});
