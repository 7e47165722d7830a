import { afterEach, describe, expect, it, vi } from 'vitest';
import { FormView } from '../src/enquiry/form';
import type { Form } from '../src/enquiry/gateway';
import { TEXTS } from '../src/enquiry/texts';
import { formLook } from '../src/template/forms';

const form: Form = {
  kind: 'callback',
  form: 'F',
  consent: 'You may call me.',
  privacyUrl: '',
  minSeconds: 0,
  maxText: 500,
  at: 0,
};
const html = ['consent', 'name', 'phone', 'buttons']
  .map((name) => `<slot name="${name}"></slot>`)
  .join('');

/** What the form of callbacks looks like in a preview of a template. */
function lookOf(template: object, lang = 'en'): ReturnType<typeof formLook> {
  const host = document.createElement('div');
  host.lang = lang;
  host.setAttribute('preview', JSON.stringify({ callback: template }));
  return formLook(host, 'https://gw', 'callback', 'en', null);
}

function viewOf(look: Awaited<ReturnType<typeof formLook>>): FormView {
  const offering = { url: 'u', kind: 'callback' as const, language: 'en' as const, choices: [] };
  return new FormView(form, TEXTS.en, () => offering, { sent: vi.fn(), cancel: vi.fn() }, look);
}

afterEach(() => vi.unstubAllGlobals());

describe('a form with a template', () => {
  it('has its fields in order, and still what only programs fill in', async () => {
    const { element } = viewOf(await lookOf({ html }));
    const names = [...element.querySelectorAll('.template input')].map(
      (one) => (one as HTMLInputElement).autocomplete,
    );

    expect(names).toEqual(['off', 'name', 'tel']);
    expect(element.querySelector('.trap input')).not.toBeNull();
    expect(element.querySelector('[type="email"]')).toBeNull();
  });

  it('says of a text in which language it is when the form is in another one', async () => {
    const texts = {
      help: { text: 'Hilfe', language: 'de' },
      more: { text: 'More', language: 'en' },
    };
    const look = await lookOf({ html: `<p>{{t.help}} {{t.more}}</p>${html}`, texts }, 'de');
    const { element } = viewOf(look);

    const marked = [...element.querySelectorAll<HTMLElement>('.template p span')];
    expect(marked.map((one) => [one.lang, one.textContent])).toEqual([['de', 'Hilfe']]);
  });

  it('opens as usual where a page lets nobody read HTML', async () => {
    vi.stubGlobal(
      'DOMParser',
      class {
        parseFromString(): never {
          throw new TypeError('This document requires TrustedHTML');
        }
      },
    );

    const look = await lookOf({ html });
    expect(look).toBeNull();
    expect(viewOf(look).element.querySelector('[type="email"]')).not.toBeNull();
  });
});
