import type { ComputedField, FieldRule } from '../../../data/sources';

export type Transform = NonNullable<ComputedField['transforms']>[number];

/** Every kind of transform, in the order in which they are offered. */
export const KINDS = [
  'trim',
  'lower_case',
  'upper_case',
  'title_case',
  'join',
  'replace',
  'e164',
] as const satisfies readonly Transform['kind'][];

/** A rule as the editor has it: its attributes are a text with commas. */
export interface RuleDraft {
  /** Stays with the rule while it is moved. */
  key: number;
  attributes: string;
  transforms: Transform[];
}

/** The names in a text with commas between them. */
export function namesIn(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
}

/** Whether every rule is the name of an attribute, so that a text can say them all. */
export function isPlain(rules: readonly FieldRule[]): rules is string[] {
  return rules.every((rule) => typeof rule === 'string');
}

/** A transform of this kind of which nothing is known yet. */
export function newTransform(kind: Transform['kind'], country: string): Transform {
  switch (kind) {
    case 'join':
      return { kind, separator: ' ' };
    case 'replace':
      return { kind, pattern: '', with: '' };
    case 'e164':
      return { kind, country, otherwise: 'keep' };
    default:
      return { kind };
  }
}

/** The rules of a field as the editor has them; neighbours that are only names are one rule. */
export function draftsOf(rules: readonly FieldRule[]): RuleDraft[] {
  const drafts: RuleDraft[] = [];
  for (const rule of rules) {
    const last = drafts.at(-1);
    if (typeof rule === 'string' && last && last.transforms.length === 0) {
      last.attributes += `, ${rule}`;
      continue;
    }
    const [attributes, transforms] =
      typeof rule === 'string'
        ? [rule, []]
        : [rule.attributes.join(', '), [...(rule.transforms ?? [])]];
    drafts.push({ key: drafts.length, attributes, transforms });
  }
  return drafts;
}

/** What is sent of them: attributes without transforms are names. */
export function rulesOf(drafts: readonly RuleDraft[]): FieldRule[] {
  return drafts.flatMap(({ attributes, transforms }): FieldRule[] => {
    const names = namesIn(attributes);
    if (names.length === 0 || transforms.length === 0) return names;
    return [{ attributes: names, transforms }];
  });
}
