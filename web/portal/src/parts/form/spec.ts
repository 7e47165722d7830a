import type { ReactNode } from 'react';
import type { PlainKey } from '../../i18n/catalogue';
import type { Refusal } from './rules';

/** One choice of several. */
export interface Choice {
  value: string;
  label: string;
}

interface Shared<T> {
  /** The field's name on the wire, by which the gateway's refusals find it. */
  name: keyof T & string;
  label: PlainKey;
  help?: PlainKey;
  /** Left out while this says no; its value is kept and sent. */
  isShown?: (values: T) => boolean;
  isDisabled?: (values: T) => boolean;
  /** Takes the whole row. */
  isWide?: boolean;
  /** What is said and can be done about the field's value, below it. */
  note?: ReactNode;
  /** What helps with a refused value, after the refusal: such as the way to who has it. */
  aid?: (rule: Refusal['rule'], value: unknown) => ReactNode;
}

/** Text; when empty it is null, unless `isPlain` says that the API knows only text. */
export interface TextField<T> extends Shared<T> {
  kind: 'text';
  max: number;
  isRequired?: boolean;
  isPlain?: boolean;
  lines?: number;
  type?: 'text' | 'email' | 'tel' | 'url' | 'password';
  autoComplete?: string;
}

/** A whole number; `isOptional` says that none is an answer too. */
export interface NumberField<T> extends Shared<T> {
  kind: 'number';
  min: number;
  max: number;
  isOptional?: boolean;
}

/** Yes or no. */
export interface SwitchField<T> extends Shared<T> {
  kind: 'switch';
}

/** One of several; `none` is the label of null, where null is allowed. */
export interface ChoiceField<T> extends Shared<T> {
  kind: 'choice';
  choices: readonly Choice[];
  none?: string;
}

/** Any number of several. */
export interface SeveralField<T> extends Shared<T> {
  kind: 'several';
  choices: readonly Choice[];
}

/** What names and describes a group of controls. */
export interface Named {
  'aria-labelledby'?: string;
  'aria-describedby'?: string;
}

/** What a field of its own kind is given. */
export interface CustomProps extends Named {
  id: string;
  value: unknown;
  set: (value: unknown) => void;
  /** Says that somebody has been here: from now on refusals are shown. */
  touch: () => void;
  isDisabled: boolean;
}

/** Anything else; it renders its own control under the form's label, help and refusal. */
export interface CustomField<T> extends Shared<T> {
  kind: 'custom';
  isRequired?: boolean;
  /** It has several controls, which have names of their own; the label is that of them all. */
  isGroup?: boolean;
  render: (props: CustomProps, values: T) => ReactNode;
  /** The value in words, where changes of others are shown. */
  describe?: (value: unknown) => string;
}

export type FieldSpec<T> =
  | TextField<T>
  | NumberField<T>
  | SwitchField<T>
  | ChoiceField<T>
  | SeveralField<T>
  | CustomField<T>;

/** Fields that belong together. */
export interface SectionSpec<T> {
  title?: PlainKey;
  fields: readonly FieldSpec<T>[];
}

/** A form as data. */
export interface FormSpec<T> {
  sections: readonly SectionSpec<T>[];
  /** Rules beyond those that follow from the fields. */
  check?: (values: T) => Refusal[];
}

/** Every field of a form. */
export function fieldsOf<T>(spec: FormSpec<T>): FieldSpec<T>[] {
  return spec.sections.flatMap(({ fields }) => fields);
}
