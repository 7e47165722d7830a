import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Context } from '../src/context';
import { formLook } from '../src/template/forms';
import { languagesFor, load, placeOf } from '../src/template/load';
import { look } from '../src/template/main';
import { snapshotOf } from './fixture';

let asked: string[] = [];
let tags = 0;

/** A gateway that has a text in each of these languages, and else in English. */
function gateway(texts: Record<string, string>): void {
  vi.stubGlobal('fetch', async (address: string) => {
    const language = new URL(address).searchParams.get('language') ?? '';
    asked.push(language);
    const [base = ''] = language.split('-');
    const found = base in texts ? base : 'en';
    const said = (text = ''): object => ({ text, language: found });
    return {
      ok: true,
      json: async () => ({
        html: '<slot name="name"></slot>',
        texts: {
          open: said(texts[found]),
          sending: said(),
          help: { text: 'Hilfe', language: 'de' },
        },
      }),
    };
  });
}

/** An element of the page, whose templates were not asked for before. */
function host(lang: string | null, page = ''): HTMLElement {
  const element = document.createElement('div');
  if (lang) element.lang = lang;
  const around = document.createElement('div');
  if (page) around.lang = page;
  around.append(element);
  tags += 1;
  return element;
}

const loaded = (element: HTMLElement) =>
  load(placeOf(element, 'https://gw', 'contact', String(tags)));

beforeEach(() => {
  asked = [];
  vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['fr-CA', 'de-AT', 'en']);
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('the language of a template', () => {
  it.each([
    [null, '', { first: 'fr-CA', spoken: 'de-AT' }],
    ['de', 'fr', { first: 'de', spoken: 'de' }],
    [null, 'en-GB', { first: 'en-GB', spoken: 'en-GB' }],
    ['pt', '', { first: 'pt', spoken: 'de-AT' }],
  ])('of an element in %s on a page in "%s" is that of the visitor', (lang, page, languages) => {
    expect(languagesFor(host(lang, page))).toEqual(languages);
  });

  it('is that of the cards where there is none of the first language', async () => {
    gateway({ de: 'Kontakt', en: 'Contact' });

    const template = await loaded(host(null));

    expect(template?.texts.open).toEqual({ text: 'Kontakt', language: 'de' });
    expect(asked).toEqual(['fr-CA', 'de-AT']);
  });

  it('is the first one where the template has it, and asked for once where the widget speaks it', async () => {
    gateway({ fr: 'Contactez', de: 'Kontakt', en: 'Contact' });
    expect((await loaded(host(null)))?.texts.open?.text).toBe('Contactez');
    asked = [];
    expect((await loaded(host('de')))?.texts.open?.text).toBe('Kontakt');
    expect(asked).toEqual(['de']);
  });
});

it('replaces those words of a form only that are said to be replaced', async () => {
  gateway({ en: 'Write' });

  const found = await formLook(host('en'), 'https://gw', 'callback', 'en', String(tags));

  expect(found?.texts).toEqual({ open: 'Write' });
});

it('asks again for a template that could not be had, not at once', async () => {
  vi.useFakeTimers();
  const changed = vi.fn();
  const fetched = vi.fn(async () => ({ ok: false }));
  vi.stubGlobal('fetch', fetched);
  const element = host('en');
  element.attachShadow({ mode: 'open' });
  const root = document.createElement('section');
  element.shadowRoot?.append(root);
  const { publication } = snapshotOf([], { templates: { contact: String(tags) } });
  const context = { gateway: 'https://gw', language: 'en' } as Context;
  const drawn = () => look(element, root, publication, context, changed);

  expect(drawn()).toBeNull();
  await vi.advanceTimersByTimeAsync(10);
  expect(changed).toHaveBeenCalledOnce();
  const usual = drawn();
  expect(usual).not.toBeNull();
  await vi.advanceTimersByTimeAsync(59_000);
  expect(drawn()).toBe(usual);
  expect(fetched).toHaveBeenCalledOnce();

  await vi.advanceTimersByTimeAsync(2000);
  gateway({ en: 'Contact' });
  expect(drawn()).toBe(usual);
  await vi.advanceTimersByTimeAsync(10);
  expect(changed).toHaveBeenCalledTimes(2);
  expect(drawn()).not.toBe(usual);
  expect(asked).toEqual(['en']);
});
