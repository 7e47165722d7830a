import { make, write } from '../dom';
import { fill } from '../fill';
import type { FormLook } from '../template/forms';
import { FieldView, input } from './fields';
import { askForForm, type Form, type Outcome, send } from './gateway';
import type { EnquiryTexts } from './texts';

/** Where a visitor leaves something, and whom it may be about. */
export interface Offering {
  /** The address of the publication at the gateway. */
  url: string;
  kind: 'callback' | 'form';
  language: 'en' | 'de';
  choices: { id: string; name: string; isGroup: boolean }[];
}

/** Waits that are shorter are not worth a word. */
const SHORT_SECONDS = 5;

/** What a visitor writes in, until it is sent. */
export class FormView {
  readonly element = make('form', 'form');
  readonly #texts: EnquiryTexts;
  readonly #offering: () => Offering;
  readonly #sent: () => void;
  readonly #fields = new Map<string, FieldView>();
  readonly #message = make('p', 'error');
  readonly #send = make('button', 'send');
  readonly #key = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
  #form: Form;
  #isSending = false;

  constructor(
    form: Form,
    texts: EnquiryTexts,
    offering: () => Offering,
    { sent, cancel }: { sent: () => void; cancel: () => void },
    look: FormLook | null = null,
  ) {
    this.#form = form;
    this.#texts = texts;
    this.#offering = offering;
    this.#sent = sent;
    this.#message.setAttribute('role', 'alert');
    this.#message.hidden = true;
    this.#send.type = 'submit';
    const close = make('button', 'cancel', texts.cancel);
    close.type = 'button';
    close.onclick = cancel;
    this.element.noValidate = true;
    this.#build();
    write(this.#send, texts.send);
    const buttons = make('div', '', this.#message, make('div', 'buttons', this.#send, close));
    this.element.append(buttons);
    const pieces = new Map([['buttons', buttons as HTMLElement]]);
    for (const [name, { element }] of this.#fields) pieces.set(slotOf(name), element);
    // No template places what is there for programs only: it stays where it is.
    pieces.delete('website');
    look?.arrange(this.element, pieces);
    this.element.onsubmit = (event) => {
      event.preventDefault();
      void this.#submit();
    };
  }

  /** Puts the focus where writing begins. */
  focus(): void {
    this.element.querySelector<HTMLElement>('input, select, textarea')?.focus();
  }

  #build(): void {
    const { texts, isCallback } = {
      texts: this.#texts,
      isCallback: this.#form.kind === 'callback',
    };
    const note = make('textarea');
    note.rows = 4;
    note.maxLength = this.#form.maxText;
    this.#add('name', input('text', 'name', 128), texts.name, true);
    this.#add('phone', input('tel', 'tel', 64), texts.phone, isCallback);
    this.#add('mail', input('email', 'email', 254), texts.mail, !isCallback);
    const { choices } = this.#offering();
    if (choices.length > 1) this.#add('about', chooser(choices, texts.anybody), texts.about, false);
    if (isCallback) this.#add('wished_at', moments(), texts.wished, false);
    this.#add('text', note, texts.text, !isCallback);
    const trap = this.#add('website', input('text', 'off'), 'Website', false);
    // Nobody sees, reaches or hears it: only programs fill it in.
    trap.element.classList.add('trap');
    trap.element.setAttribute('aria-hidden', 'true');
    trap.control.tabIndex = -1;
    this.#add('has_consented', input('checkbox', 'off'), this.#consent(), true);
  }

  #consent(): Node[] {
    const { consent, privacyUrl } = this.#form;
    const text = make('span', '', consent);
    if (!privacyUrl) return [text];
    const link = make('a', 'privacy', this.#texts.privacy);
    link.href = privacyUrl;
    link.target = '_blank';
    link.rel = 'noopener noreferrer';
    return [text, document.createTextNode(' '), link];
  }

  #add(
    name: string,
    control: FieldView['control'],
    label: string | Node[],
    isRequired: boolean,
  ): FieldView {
    const optional = name === 'website' ? '' : this.#texts.optional;
    const field = new FieldView(name, control, label, isRequired, optional);
    this.#fields.set(name, field);
    this.element.append(field.element);
    return field;
  }

  #value(name: string): string {
    return this.#fields.get(name)?.value ?? '';
  }

  /** The names of fields that are missing: the gateway is not asked about those. */
  #missing(): string[] {
    const isAnswerable =
      this.#form.kind === 'callback' || this.#value('phone') || this.#value('mail');
    return [...this.#fields.values()]
      .filter(({ name, isRequired, control, value }) => {
        if (name === 'mail' && isRequired) return !isAnswerable;
        if (control instanceof HTMLInputElement && control.type === 'checkbox')
          return !control.checked;
        return isRequired && !value;
      })
      .map(({ name }) => name);
  }

  #entered(): object {
    const given = (name: string): string | null => this.#value(name) || null;
    const chosen = this.#offering().choices.find(({ id }) => id === this.#value('about'));
    const wished = new Date(this.#value('wished_at'));
    const consent = this.#fields.get('has_consented')?.control as HTMLInputElement;
    return {
      form: this.#form.form,
      name: this.#value('name'),
      phone: given('phone'),
      mail: given('mail'),
      text: given('text'),
      about: chosen ? { [chosen.isGroup ? 'group' : 'contact']: chosen.id } : null,
      wished_at: Number.isNaN(wished.getTime()) ? null : wished.toISOString(),
      has_consented: consent.checked,
      website: this.#value('website'),
    };
  }

  async #submit(): Promise<void> {
    if (this.#isSending) return;
    write(this.#message, '');
    const missing = this.#missing();
    if (missing.length) {
      this.#refuse(missing);
      return;
    }
    this.#isSending = true;
    write(this.#send, this.#texts.sending);
    const outcome = await this.#try(true).catch((): Outcome => ({ kind: 'failed' }));
    this.#isSending = false;
    write(this.#send, this.#texts.send);
    const { later, failed, over } = this.#texts;
    if (outcome.kind === 'left') this.#sent();
    else if (outcome.kind === 'refused') this.#refuse(outcome.fields);
    else if (outcome.kind === 'wait') {
      write(this.#message, fill(later, { minutes: Math.ceil(outcome.seconds / 60) }));
    } else write(this.#message, outcome.kind === 'over' ? over : failed);
  }

  /** Sends it, not before the gateway takes it; a form that is over is replaced once. */
  async #try(isFirst: boolean): Promise<Outcome> {
    const { url, language } = this.#offering();
    await until(this.#form.at + this.#form.minSeconds * 1000);
    const outcome = await send(url, this.#entered(), `${this.#key}-${this.#form.at}`);
    if (!isFirst) return outcome;
    if (outcome.kind === 'wait' && outcome.seconds <= SHORT_SECONDS) {
      await until(Date.now() + outcome.seconds * 1000);
      return this.#try(false);
    }
    if (outcome.kind === 'over') {
      const next = await askForForm(url, language);
      if (!next) return outcome;
      const isSame = next.consent === this.#form.consent;
      this.#form = next;
      if (isSame) return this.#try(false);
      // Whoever agreed to another text did not agree to this one.
      this.#fields.get('has_consented')?.askAgain(this.#consent());
      return { kind: 'refused', fields: ['has_consented'] };
    }
    return outcome;
  }

  #refuse(names: string[]): void {
    const { refused, other } = this.#texts;
    const fields = [...this.#fields.values()];
    const isRefused = (name: string): boolean => names.some((one) => one.split('.')[0] === name);
    for (const field of fields) {
      const text = isRefused(field.name) ? (refused[field.name] ?? other) : '';
      field.refuse(fill(text, { max: this.#form.maxText }));
    }
    const known = fields.filter(({ name }) => isRefused(name));
    const [first] = known;
    if (first) first.control.focus();
    else write(this.#message, other);
  }
}

/** What templates call a field. */
function slotOf(name: string): string {
  return name === 'has_consented' ? 'consent' : name;
}

function chooser(choices: Offering['choices'], anybody: string): HTMLSelectElement {
  const select = make('select');
  select.append(new Option(anybody, ''), ...choices.map(({ id, name }) => new Option(name, id)));
  return select;
}

function moments(): HTMLInputElement {
  const made = input('datetime-local', 'off');
  const local = (date: Date): string =>
    new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  made.min = local(new Date());
  return made;
}

function until(moment: number): Promise<void> {
  const left = moment - Date.now();
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, left)));
}
