import { attribute, make, write } from '../dom';

let count = 0;

/** A control with its label and what is wrong with it. */
export class FieldView {
  readonly element: HTMLElement;
  readonly #error = make('p', 'error');
  readonly #label: HTMLLabelElement;
  readonly #hint: string;

  readonly name: string;
  readonly control: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
  readonly isRequired: boolean;

  constructor(
    name: string,
    control: FieldView['control'],
    label: string | Node[],
    isRequired: boolean,
    optional: string,
  ) {
    this.name = name;
    this.control = control;
    this.isRequired = isRequired;
    count += 1;
    control.id = `enquiry-${count}`;
    control.name = name;
    this.#error.id = `${control.id}-error`;
    this.#error.hidden = true;
    this.#hint = this.#error.id;
    const text = make('label', 'label-text', ...(typeof label === 'string' ? [label] : label));
    this.#label = text;
    text.htmlFor = control.id;
    if (!isRequired && optional) text.append(' ', make('small', '', optional));
    control.required = isRequired;
    const isCheck = control.type === 'checkbox';
    this.element = make(
      'div',
      isCheck ? 'field check' : 'field',
      ...(isCheck ? [control, text] : [text, control]),
    );
    this.element.append(this.#error);
    control.addEventListener('input', () => this.refuse(''));
  }

  get value(): string {
    return this.control.value.trim();
  }

  /** Takes back that it was ticked, because its label says something else now. */
  askAgain(label: Node[]): void {
    this.#label.replaceChildren(...label);
    if (this.control instanceof HTMLInputElement) this.control.checked = false;
  }

  /** Says what is wrong; nothing when it is empty. */
  refuse(text: string): void {
    write(this.#error, text);
    attribute(this.control, 'aria-invalid', text ? 'true' : null);
    attribute(this.control, 'aria-describedby', text ? this.#hint : null);
  }
}

/** An input of a type, filled in by the browser as `autocomplete` says. */
export function input(type: string, autocomplete: string, maxLength = 0): HTMLInputElement {
  const made = make('input');
  made.type = type;
  made.setAttribute('autocomplete', autocomplete);
  if (maxLength) made.maxLength = maxLength;
  return made;
}
