import { ICONS, LABELS, STATES } from '@switchboard/presence';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WORDS as GERMAN } from '../src/locales/de';
import '../src/main';
import { fakeGateway, frame, wireCard, wireSnapshot } from './fixture';

let gateway: ReturnType<typeof fakeGateway>;
let keys = 0;

/** A gateway that has German, whatever follows in its address. */
const GERMAN_GATEWAY = `data:text/javascript,${encodeURIComponent(`export const WORDS = ${JSON.stringify(GERMAN)};//`)}`;

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(2030, 0, 7, 10, 0) });
  gateway = fakeGateway();
});

afterEach(async () => {
  document.body.replaceChildren();
  await vi.advanceTimersByTimeAsync(0);
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** Puts an element with a publication of its own into the page. */
function embed(attributes: Record<string, string> = {}): HTMLElement {
  const element = document.createElement('switchboard-contacts');
  keys += 1;
  const given = {
    publication: `K${keys}`,
    gateway: 'https://gw.example/',
    lang: 'en',
    ...attributes,
  };
  for (const [name, value] of Object.entries(given)) element.setAttribute(name, value);
  document.body.append(element);
  return element;
}

async function show(cards: unknown[], publication = {}, attributes = {}): Promise<HTMLElement> {
  const element = embed(attributes);
  await gateway.last().send(frame('snapshot', wireSnapshot(cards, publication), 'e.1'));
  return element;
}

const all = (element: HTMLElement, part: string): HTMLElement[] => [
  ...(element.shadowRoot?.querySelectorAll<HTMLElement>(`[part~="${part}"]`) ?? []),
];
const said = (element: HTMLElement, part: string): string[] =>
  all(element, part)
    .filter((one) => !one.hidden)
    .map((one) => one.textContent ?? '');
const change = (changed: unknown[]): Promise<void> =>
  gateway.last().send(frame('delta', { changed }, 'e.2'));

describe('the element', () => {
  it('shows bones, then cards with state, texts and links', async () => {
    const element = embed();
    expect(all(element, 'skeleton')[0]?.hidden).toBe(false);
    expect(all(element, 'root')[0]?.getAttribute('aria-busy')).toBe('true');

    await gateway.last().send(frame('snapshot', wireSnapshot([wireCard()]), 'e.1'));

    expect(said(element, 'name')).toEqual(['Anna Berg']);
    expect(said(element, 'role')).toEqual(['Head of sales']);
    expect(said(element, 'place')).toEqual(['Brightmoor Instruments · Berlin']);
    expect(said(element, 'label')).toEqual(['Available']);
    expect(said(element, 'initials')).toEqual(['AB']);
    expect(said(element, 'reason')).toEqual([]);
    expect(all(element, 'button').map((link) => link.getAttribute('href'))).toEqual([
      'im:sip:anna@brightmoor.example',
      'tel:+49405550',
    ]);
    expect(all(element, 'button')[0]?.getAttribute('aria-label')).toBe('Chat: Anna Berg');
    expect(all(element, 'skeleton')[0]?.hidden).toBe(true);
  });

  it.each(STATES)('draws %s with its icon and its word', async (state) => {
    const element = await show([wireCard({ state, is_out_of_office: true })]);

    expect(said(element, 'label')).toEqual([LABELS.en[state]]);
    expect(all(element, 'card')[0]?.getAttribute('data-state')).toBe(state);
    const paths = [...(all(element, 'card')[0]?.querySelectorAll('path') ?? [])];
    expect(paths.map((path) => path.getAttribute('d'))).toContain(ICONS[state]);
    expect(said(element, 'out-of-office')).toEqual([LABELS.en.out_of_office]);
  });

  it('calls a named state what the visitor calls it, and shows gateways that do not know how', async () => {
    const named = { state: 'be_right_back', custom: 'Coffee break' };
    const cards = [wireCard({ ...named, custom_labels: { de: 'Kaffeepause' } })];
    const element = await show(cards, {}, { gateway: GERMAN_GATEWAY });

    expect(said(element, 'label')).toEqual(['Be right back · Coffee break']);
    element.setAttribute('lang', 'de');
    expect(said(element, 'label'), 'until German is there').toEqual([
      'Be right back · Coffee break',
    ]);
    await vi.waitFor(() => expect(all(element, 'root')[0]?.lang).toBe('de'));
    expect(said(element, 'label')).toEqual(['Gleich zurück · Kaffeepause']);
    await change([wireCard({ ...named, custom_labels: { de: 7, fr: 'Pause' } })]);
    expect(said(element, 'label')).toEqual(['Gleich zurück · Coffee break']);
    await change([wireCard(named)]);
    expect(said(element, 'label')).toEqual(['Gleich zurück · Coffee break']);
  });

  it('keeps a picture until the next one is there', async () => {
    const element = await show([wireCard({ picture: '/p/1' })]);
    const shown = () => [...(element.shadowRoot?.querySelectorAll('img') ?? [])];
    const [first] = shown();

    await change([wireCard({ state: 'busy', picture: '/p/2' })]);
    await change([wireCard({ state: 'away', picture: '/p/3' })]);
    const [, second, third] = shown();
    expect(shown().map((image) => image.src)).toEqual(
      [1, 2, 3].map((n) => `https://gw.example/p/${n}`),
    );
    second?.dispatchEvent(new Event('load'));
    expect(shown()).toEqual([first, second, third]);
    third?.dispatchEvent(new Event('load'));
    expect(shown()).toEqual([third]);

    await change([wireCard({ picture: '/p/4' })]);
    shown()[1]?.dispatchEvent(new Event('error'));
    expect(shown()).toEqual([]);
    await change([wireCard({ picture: '/p/5' })]);
    await change([wireCard()]);
    expect(shown()).toEqual([]);
  });

  it('offers the vCard of those who have one', async () => {
    const element = await show([wireCard({ vcard: '/v/1' })]);

    const [link] = all(element, 'vcard');
    expect(link?.getAttribute('href')).toBe('https://gw.example/v/1');
    expect(link?.getAttribute('aria-label')).toBe('vCard: Anna Berg');
    await change([wireCard({ vcard: 'javascript:alert(1)' })]);
    expect(link?.hidden).toBe(true);
    expect(link?.getAttribute('href')).toBe(null);
  });

  it('says why a way is closed and when it opens again', async () => {
    const modalities = [{ kind: 'chat', href: 'im:sip:a@b.c', is_enabled: false }];
    const element = await show([
      wireCard({
        state: 'busy',
        activity: 'in_a_meeting',
        is_reachable: false,
        reason: 'busy',
        next_reachable: new Date(2030, 0, 7, 11, 30).toISOString(),
        modalities,
      }),
    ]);
    const [link] = all(element, 'button');
    const reason = link?.getAttribute('aria-describedby');

    expect(link?.hasAttribute('href')).toBe(false);
    expect(link?.getAttribute('aria-disabled')).toBe('true');
    expect(element.shadowRoot?.getElementById(reason ?? '')?.textContent).toMatch(/busy/);
    expect(said(element, 'label')).toEqual(['Busy · In a meeting']);
    expect(said(element, 'next')[0]).toMatch(/^Reachable again at 11:30/);
  });

  it('speaks German when the page does', async () => {
    const opens = new Date(2030, 0, 8, 8, 0).toISOString();
    const card = wireCard({
      state: 'away',
      is_out_of_office: true,
      reason: 'closed',
      is_reachable: false,
    });
    const element = await show([card], { is_open: false, opens_at: opens }, { lang: 'de-AT' });

    expect(said(element, 'label')).toEqual(['Abwesend']);
    expect(said(element, 'out-of-office')).toEqual(['Außer Haus']);
    expect(said(element, 'reason')).toEqual(['Nicht erreichbar: geschlossen']);
    expect(said(element, 'opening')).toEqual(['Geschlossen']);
    expect(said(element, 'notice')[0]).toMatch(/sind morgen um 08:00 Uhr wieder für Sie da\.$/);
    element.setAttribute('lang', 'en');
    expect(said(element, 'label')).toEqual(['Away']);
  });

  it('keeps elements and the focus when cards change and move', async () => {
    const cards = ['A', 'B', 'C'].map((id) => wireCard({ id, name: id }));
    const element = await show(cards);
    const before = all(element, 'card');
    const link = before[1]?.querySelector('a');
    link?.focus();

    const closed = [{ kind: 'chat', href: 'im:sip:b@b.c', is_enabled: false }];
    await change([wireCard({ id: 'B', name: 'B', state: 'busy', modalities: closed })]);
    await gateway.last().send(frame('delta', { order: ['C', 'B', 'A'] }, 'e.3'));

    expect(said(element, 'name')).toEqual(['C', 'B', 'A']);
    expect(all(element, 'card')).toEqual([before[2], before[1], before[0]]);
    expect(element.shadowRoot?.activeElement).toBe(link);
    expect(link?.getAttribute('tabindex')).toBe('0');
  });

  it('says unknown on every card after 30 s of silence, and recovers', async () => {
    const element = await show([
      wireCard({ note: 'n' }),
      wireCard({ id: 'G', members: [wireCard()] }),
    ]);
    const statuses: string[] = [];
    element.addEventListener('switchboard-status-changed', (event) => {
      statuses.push((event as CustomEvent).detail.status);
    });
    await vi.advanceTimersByTimeAsync(30_000);

    expect(new Set(said(element, 'label'))).toEqual(new Set(['Unknown']));
    expect(all(element, 'button').some((link) => link.hasAttribute('href'))).toBe(false);
    expect(said(element, 'note')).toEqual([]);
    expect(said(element, 'notice')[0]).toMatch(/^Connection lost/);

    await vi.advanceTimersByTimeAsync(60_000);
    const cards = [wireCard(), wireCard({ id: 'G', members: [wireCard()] })];
    await gateway.last().send(frame('snapshot', wireSnapshot(cards), 'e.9'));

    expect(new Set(said(element, 'label'))).toEqual(new Set(['Available']));
    expect(said(element, 'notice')).toEqual([]);
    expect(statuses).toEqual(['silent', 'live']);
  });

  it('shows a group with its members folded', async () => {
    const members = [wireCard(), wireCard({ id: 'B', is_reachable: false, reason: 'away' })];
    const element = await show([wireCard({ id: 'G', kind: 'group', modalities: [], members })]);

    expect(said(element, 'summary')).toEqual(['1 of 2 reachable']);
    expect(all(element, 'member')).toHaveLength(2);
    await change([wireCard({ id: 'G', kind: 'group', members: [] })]);
    expect(all(element, 'member')).toHaveLength(0);
    expect(said(element, 'group-members')).toEqual([]);
  });

  it('does not count who can be reached where all of a group show one result', async () => {
    const members = [wireCard(), wireCard({ id: 'B' })];
    const group = wireCard({ id: 'G', kind: 'group', modalities: [], members, is_shared: true });
    const element = await show([group]);

    expect(said(element, 'summary')).toEqual(['2 contacts']);
  });

  it('takes nothing that it is told for markup', async () => {
    const evil = '<img src=x onerror=alert(1)><script>alert(1)</script>"\' onmouseover=alert(1)';
    const fields = { name: evil, title: evil, company: evil, site: evil, note: evil, custom: evil };
    const href = 'javascript:alert(1)';
    const card = wireCard({
      ...fields,
      id: evil,
      initials: evil,
      picture: href,
      modalities: [{ kind: 'chat', href, is_enabled: true }],
      members: [wireCard({ ...fields, id: `${evil}2`, kind: 'service' })],
    });
    const element = await show([card], { title: evil });
    const root = element.shadowRoot as ShadowRoot;

    expect(root.querySelectorAll('script, img, [onerror], [onmouseover]')).toHaveLength(0);
    // The hue of the initials is set by script, which a strict policy allows.
    for (const styled of root.querySelectorAll('[style]')) {
      expect(styled.getAttribute('style')).toMatch(/^--hue: ?\d+;?$/);
    }
    expect(said(element, 'name')[0]).toBe(evil);
    expect(root.innerHTML).not.toContain('javascript:');
  });

  it('says changes politely, and only so often', async () => {
    const element = await show([wireCard(), wireCard({ id: 'B', name: 'Bo' })]);
    const [live] = all(element, 'live');
    expect(live?.getAttribute('role')).toBe('status');
    await change([wireCard({ state: 'busy' })]);
    await vi.advanceTimersByTimeAsync(500);
    expect(live?.textContent).toBe('Anna Berg: Busy.');

    await change([wireCard({ state: 'away' })]);
    await change([wireCard({ id: 'B', name: 'Bo', state: 'away' })]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(live?.textContent).toBe('Anna Berg: Busy.');
    await vi.advanceTimersByTimeAsync(5000);
    expect(live?.textContent).toBe('Anna Berg: Away. Bo: Away.');
  });

  it('tells the page what was chosen, which may take over', async () => {
    const element = await show([wireCard()]);
    const details: unknown[] = [];
    document.addEventListener('switchboard-contacted', (event) => {
      details.push((event as CustomEvent).detail);
      event.preventDefault();
    });
    const click = new MouseEvent('click', { bubbles: true, cancelable: true, composed: true });
    all(element, 'button')[0]?.dispatchEvent(click);

    expect(details).toEqual([
      {
        id: 'A',
        name: 'Anna Berg',
        state: 'available',
        isReachable: true,
        kind: 'chat',
        href: 'im:sip:anna@brightmoor.example',
      },
    ]);
    expect(click.defaultPrevented).toBe(true);
  });

  it('says what is wrong: nothing to show, no gateway, no publication', async () => {
    expect(said(await show([]), 'message')[0]).toMatch(/no contacts/);

    gateway.refuse = -1;
    const failed = embed();
    await vi.advanceTimersByTimeAsync(0);
    expect(said(failed, 'message')[0]).toMatch(/cannot be loaded/);
    gateway.refuse = 0;
    all(failed, 'retry')[0]?.click();
    await gateway.last().send(frame('snapshot', wireSnapshot([wireCard()]), 'e.1'));
    expect(said(failed, 'message')).toEqual([]);

    gateway.refuse = 404;
    const missing = embed();
    await vi.advanceTimersByTimeAsync(0);
    expect(said(missing, 'message')[0]).toMatch(/not available/);
  });

  it('follows its attributes, shares a stream and lets go of it', async () => {
    const element = await show([wireCard()], {}, { publication: 'one key', heading: '4' });
    const twin = embed({ publication: 'one key' });
    expect(gateway.connections).toHaveLength(1);
    expect(said(twin, 'name')).toEqual(['Anna Berg']);
    expect(all(element, 'title')[0]?.getAttribute('aria-level')).toBe('4');
    expect(gateway.last().url).toBe(
      'https://gw.example/api/v1/visitor/publications/one%20key/stream',
    );

    element.setAttribute('publication', 'two');
    twin.remove();
    await vi.advanceTimersByTimeAsync(0);

    expect(gateway.connections[0]?.signal.aborted).toBe(true);
    expect(gateway.last().url).toContain('/two/');
  });
});
