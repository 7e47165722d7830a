import { afterEach, expect, it, vi } from 'vitest';
import type { Context } from '../src/context';
import { look } from '../src/template/main';
import { snapshotOf } from './fixture';

const html = '<slot name="name"></slot><slot name="state"></slot><slot name="actions"></slot>';
const CONTEXT = { gateway: 'https://gw', language: 'en' } as Context;
let tags = 0;

/** An element of a page, and how it looks each time that is asked. */
function page(attributes: Record<string, string>, kinds: readonly string[] = []) {
  const host = document.createElement('div');
  host.lang = 'en';
  for (const [name, value] of Object.entries(attributes)) host.setAttribute(name, value);
  const shadow = host.attachShadow({ mode: 'open' });
  const root = document.createElement('section');
  shadow.append(root);
  document.body.append(host);
  tags += 1;
  const templates = Object.fromEntries(kinds.map((kind) => [kind, `D${tags}`]));
  const { publication } = snapshotOf([], { templates });
  const changed = vi.fn();
  return { host, shadow, changed, drawn: () => look(host, root, publication, CONTEXT, changed) };
}

/** What the element's own sheet sets. */
function painted(shadow: ShadowRoot): string {
  return shadow.adoptedStyleSheets
    .flatMap((sheet) => [...sheet.cssRules])
    .map((rule) => rule.cssText)
    .filter((text) => text.startsWith(':host') && text.includes('--switchboard-ink'))
    .join('');
}

afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

it('does not wait for the greeting of conversations, which comes without drawing cards anew', async () => {
  let answer: () => void = () => {};
  const late = new Promise<void>((resolve) => {
    answer = resolve;
  });
  vi.stubGlobal('fetch', async (url: string) => {
    if (url.includes('/conversation')) await late;
    return { ok: true, json: async () => ({ html }) };
  });
  const { shadow, changed, drawn } = page({}, ['contact', 'conversation']);
  expect(drawn()).toBeNull();
  await vi.waitFor(() => expect(changed).toHaveBeenCalledOnce());

  const dressed = drawn();
  expect(dressed).not.toBeNull();
  expect(shadow.querySelector('dialog.talk')).toBeNull();
  answer();
  await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(2));
  expect(drawn()).toBe(dressed);
  expect(shadow.querySelector('dialog.talk')).not.toBeNull();
});

it('reads templates once, not for each change of a card', () => {
  const read = vi.spyOn(DOMParser.prototype, 'parseFromString');
  const parsed = vi.spyOn(JSON, 'parse');
  const written = vi.spyOn(JSON, 'stringify');
  const preview = JSON.stringify({ contact: { html }, conversation: { html } });
  const { host, drawn } = page({ preview });
  const first = drawn();
  for (const spy of [read, parsed, written]) spy.mockClear();

  expect(drawn()).toBe(first);
  expect([read, parsed, written].map((spy) => spy.mock.calls.length)).toEqual([0, 0, 0]);
  host.setAttribute('preview', preview.replace('html":"', 'html":"New '));
  expect(drawn()).not.toBe(first);
});

it('leaves all as usual where a page lets nobody read HTML', () => {
  const contact = { html, placement: 'floating', variables: { '--switchboard-ink': '#123456' } };
  const preview = JSON.stringify({ contact });
  const free = page({ preview });
  free.drawn();
  expect(free.shadow.querySelector('.launcher')).not.toBeNull();
  expect(painted(free.shadow)).toContain('#123456');

  vi.spyOn(DOMParser.prototype, 'parseFromString').mockImplementation(() => {
    throw new TypeError('This document requires TrustedHTML');
  });
  const strict = page({ preview });
  expect(strict.drawn()).not.toBeNull();
  expect(strict.shadow.querySelector('.launcher')).toBeNull();
  expect(painted(strict.shadow)).toBe('');
});
