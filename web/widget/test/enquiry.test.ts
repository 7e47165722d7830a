import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Context } from '../src/context';
import { FormView } from '../src/enquiry/form';
import { askForForm, type Form, send } from '../src/enquiry/gateway';
import { show } from '../src/enquiry/main';
import { TEXTS } from '../src/enquiry/texts';
import { readSnapshot } from '../src/wire';
import { snapshotOf, wireSnapshot } from './fixture';

function answers(status: number, body: unknown, headers: Record<string, string> = {}) {
  const fetched = vi.fn(async (_url: string, _options: RequestInit) => ({
    ok: status < 300,
    status,
    headers: new Headers(headers),
    json: async () => body,
  }));
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

afterEach(() => vi.unstubAllGlobals());

describe('a form', () => {
  it('is read without trusting it, and is none when it is refused', async () => {
    answers(200, {
      kind: 'callback',
      form: 'F',
      privacy_url: 'javascript:alert(1)',
      max_text: 'x',
    });
    const form = await askForForm('https://gw/p', 'de');

    expect(form).toMatchObject({ kind: 'callback', form: 'F', consent: '', privacyUrl: '' });
    expect(form).toMatchObject({ minSeconds: 3, maxText: 500 });
    answers(409, {});
    expect(await askForForm('https://gw/p', 'de')).toBeNull();
  });

  it('is sent without credentials under its key, and says what became of it', async () => {
    const fetched = answers(201, {});
    expect(await send('https://gw/p', { name: 'x' }, 'K')).toEqual({ kind: 'left' });
    const [url, options] = fetched.mock.calls[0] ?? [];
    expect(url).toBe('https://gw/p/enquiries');
    expect(options).toMatchObject({ method: 'POST', credentials: 'omit', body: '{"name":"x"}' });
    expect(options?.headers).toMatchObject({ 'idempotency-key': 'K' });

    answers(429, {}, { 'retry-after': '90' });
    expect(await send('u', {}, 'K')).toEqual({ kind: 'wait', seconds: 90 });
    answers(409, {});
    expect(await send('u', {}, 'K')).toEqual({ kind: 'over' });
    answers(500, {});
    expect(await send('u', {}, 'K')).toEqual({ kind: 'failed' });
    answers(422, { fields: [{ field: 'phone' }, { field: 7 }] });
    expect(await send('u', {}, 'K')).toEqual({ kind: 'refused', fields: ['phone', ''] });
  });

  it('has the same words in both languages, with the same things to fill in', () => {
    const holes = (value: unknown): unknown =>
      typeof value === 'string'
        ? [...value.matchAll(/\{\w+\}/g)].map(String).sort()
        : Object.fromEntries(
            Object.entries(value as object).map(([name, inner]) => [name, holes(inner)]),
          );

    expect(holes(TEXTS.de)).toEqual(holes(TEXTS.en));
  });
});

describe('a form that is over', () => {
  const old: Form = {
    kind: 'callback',
    form: 'OLD',
    consent: 'You may call me.',
    privacyUrl: '',
    minSeconds: 0,
    maxText: 500,
    at: 0,
  };

  /** A filled in form that is over, in the place of which the gateway gives one with `consent`. */
  function open(consent: string) {
    const bodies: Record<string, unknown>[] = [];
    vi.stubGlobal('fetch', async (url: string, options: RequestInit) => {
      if (url.includes('/form?')) {
        const next = { kind: 'callback', form: 'NEW', consent, min_seconds: 0 };
        return { ok: true, json: async () => next };
      }
      const body = JSON.parse(String(options.body));
      bodies.push(body);
      return body.form === 'NEW' ? { ok: true, status: 201 } : { ok: false, status: 409 };
    });
    const sent = vi.fn();
    const offering = { url: 'u', kind: 'callback', language: 'en' } as const;
    const view = new FormView(old, TEXTS.en, () => ({ ...offering, choices: [] }), {
      sent,
      cancel: () => {},
    });
    const control = (name: string): HTMLInputElement => {
      const found = view.element.querySelector<HTMLInputElement>(`[name=${name}]`);
      if (!found) throw new Error(`no field ${name}`);
      return found;
    };
    control('name').value = 'Erika';
    control('phone').value = '+49 30 1';
    control('has_consented').checked = true;
    const submit = () => view.element.dispatchEvent(new Event('submit', { cancelable: true }));
    return { text: () => view.element.textContent, control, submit, bodies, sent };
  }

  it('is replaced unnoticed while it asks for the same consent', async () => {
    const { submit, bodies, sent } = open(old.consent);
    submit();
    await vi.waitFor(() => expect(sent).toHaveBeenCalledOnce());

    expect(bodies.map(({ form }) => form)).toEqual(['OLD', 'NEW']);
  });

  it('asks again when its successor wants consent to something else', async () => {
    const { text, control, submit, bodies, sent } = open('You may call me and sell my number.');
    submit();
    await vi.waitFor(() => expect(text()).toContain(TEXTS.en.refused.has_consented));

    expect(text()).toContain('sell my number');
    expect(text()).not.toContain(old.consent);
    expect(control('has_consented').checked).toBe(false);
    submit();
    expect(bodies).toHaveLength(1);

    control('has_consented').checked = true;
    submit();
    await vi.waitFor(() => expect(sent).toHaveBeenCalledOnce());
    expect(bodies[1]).toMatchObject({ form: 'NEW', name: 'Erika', has_consented: true });
  });
});

it('takes a gateway that says nothing of it for one whose contacts can be reached', () => {
  expect(readSnapshot(wireSnapshot([])).publication).toMatchObject({
    isReachable: true,
    nextReachable: '',
    whenUnreachable: '',
  });
  const closed = { is_reachable: false, when_unreachable: 'form' };
  expect(readSnapshot(wireSnapshot([], closed)).publication).toMatchObject({
    isReachable: false,
    whenUnreachable: 'form',
  });
});

it('opens as usual where what its template needs does not end to load', async () => {
  vi.useFakeTimers();
  answers(200, { kind: 'callback', form: 'F', min_seconds: 0 });
  const host = document.createElement('div');
  const list = document.createElement('ul');
  host.attachShadow({ mode: 'open' }).append(list);
  document.body.append(host);
  const closed = {
    is_reachable: false,
    when_unreachable: 'callback',
    templates: { callback: '1' },
  };
  const gateway = 'data:text/javascript,await new Promise(() => {});//';
  show(list, true, snapshotOf([], closed), { gateway, language: 'en' } as Context);
  const form = () => host.shadowRoot?.querySelector('form');

  host.shadowRoot?.querySelector('button')?.click();
  await vi.advanceTimersByTimeAsync(2900);
  expect(form()).toBeNull();
  await vi.advanceTimersByTimeAsync(200);
  expect(form()).not.toBeNull();
  host.remove();
  vi.useRealTimers();
});
