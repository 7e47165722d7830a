import { afterEach, describe, expect, it, vi } from 'vitest';
import { askForForm, send } from '../src/enquiry/gateway';
import { TEXTS } from '../src/enquiry/texts';
import { readSnapshot } from '../src/wire';
import { wireSnapshot } from './fixture';

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
