import type { Problem, Rule } from '@switchboard/client';
import type { Reason } from '../reasons';
import type { FieldSpec, FormSpec } from './spec';

/** One refused value: by the page before it is sent, or by the gateway. */
export interface Refusal {
  /** The field's name; a path of the gateway such as `weekly[2].from` begins with it. */
  field: string;
  rule: Reason;
}

/** The rules that follow from the fields themselves. */
export function checkFields<T>(spec: FormSpec<T>, values: T): Refusal[] {
  const shown = spec.sections
    .flatMap(({ fields }) => fields)
    .filter((field) => field.isShown?.(values) ?? true);
  return [
    ...shown.flatMap((field) => checkField(field, values[field.name])),
    ...(spec.check?.(values) ?? []),
  ];
}

function checkField<T>(spec: FieldSpec<T>, value: unknown): Refusal[] {
  const refuse = (rule: Rule): Refusal[] => [{ field: spec.name, rule }];
  if (spec.kind === 'text') {
    const text = typeof value === 'string' ? value : '';
    if (spec.isRequired && !text.trim()) return refuse({ code: 'required' });
    if ([...text].length > spec.max) {
      return refuse({ code: 'too_long', max: spec.max, unit: 'characters' });
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what the rule is about
    if (/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(text)) {
      return refuse({ code: 'format', expected: 'text without control characters' });
    }
  }
  if (spec.kind === 'number') {
    if (spec.isOptional && (value === null || value === undefined)) return [];
    const isInside =
      Number.isInteger(value) && Number(value) >= spec.min && Number(value) <= spec.max;
    if (!isInside) return refuse({ code: 'out_of_range', min: spec.min, max: spec.max });
  }
  return [];
}

/** The field that a refusal of the gateway is about: the path's first name. */
export function fieldOf(path: string): string {
  return path.split(/[.[]/)[0] ?? path;
}

const ADDRESS = /^Contact with the same (SIP|Mail|Skype): /i;
const NAME = /^The (\w+) `/;

/** The refusals that a problem holds; what is taken already is named in its text alone. */
export function refusalsOf(problem: Problem, at: (path: string) => string = fieldOf): Refusal[] {
  if (problem.fields.length > 0) {
    return problem.fields.map(({ field, rule }) => ({ field: at(field), rule }));
  }
  if (problem.kind !== 'already_exists') return [];
  const name = ADDRESS.exec(problem.message)?.[1]?.toLowerCase() ?? NAME.exec(problem.message)?.[1];
  return name ? [{ field: name, rule: { code: 'text', text: problem.message } }] : [];
}
