import type { Problem, Rule } from '@switchboard/client';
import type { PlainKey, Translate } from '../../i18n/catalogue';
import type { FieldSpec, FormSpec } from './spec';

/** One refused value: by the page before it is sent, or by the gateway. */
export interface Refusal {
  /** The field's name; a path of the gateway such as `weekly[2].from` begins with it. */
  field: string;
  rule: Rule | { code: 'text'; text: string };
}

/** The gateway's descriptions of forms of text, and ours. */
const FORMATS: Record<string, PlainKey> = {
  'a SIP address such as sip:anna@example.com': 'rule.format.sip',
  'a mail address such as anna@example.com': 'rule.format.mail',
  'a Skype name without spaces, such as live:anna': 'rule.format.skype',
  'text without control characters': 'rule.format.control',
  'a host name without wildcard, such as www.example.com': 'rule.format.host',
  'an IANA time zone such as Europe/Berlin': 'rule.format.time_zone',
  'a number such as +493012345600': 'rule.format.number',
  'a number as long as `from` and not before it': 'rule.format.number_to',
  'the name of an HTTP header, at most 64 characters': 'rule.format.header',
  'an http or https address of at most 512 characters': 'rule.format.url',
  'a password that does not contain the user name': 'rule.format.password',
  'the present password': 'rule.format.current_password',
  'an address such as ldaps://dc1.example.com:636': 'rule.format.ldap',
  'a path below the folder for file sources, without `..`': 'rule.format.path',
  'a moment within a year from now': 'rule.format.within_year',
};

/** Why a value is refused, in the language of the page. */
export function ruleText(t: Translate, rule: Refusal['rule']): string {
  switch (rule.code) {
    case 'text':
      return rule.text;
    case 'too_long':
      return t(rule.unit === 'characters' ? 'rule.too_long' : 'rule.too_many', { max: rule.max });
    case 'too_short':
      return t('rule.too_short', { min: rule.min });
    case 'out_of_range':
      return t('rule.out_of_range', { min: rule.min, max: rule.max });
    case 'format': {
      const known = FORMATS[rule.expected];
      return known ? t(known) : t('rule.format', { expected: rule.expected });
    }
    case 'one_of':
      return t('rule.one_of', { allowed: rule.allowed });
    case 'needs':
    case 'excludes':
      return t(`rule.${rule.code}`, { other: rule.other });
    case 'held':
      return t('rule.held', { by: rule.by });
    default:
      return t(`rule.${rule.code}`);
  }
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
