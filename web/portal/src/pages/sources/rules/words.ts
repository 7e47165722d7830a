import type { FieldRule } from '../../../data/sources';
import type { Translate } from '../../../i18n/catalogue';
import type { Transform } from './model';

/** What a transform does, in a few words. */
export function transformText(t: Translate, transform: Transform): string {
  switch (transform.kind) {
    case 'join':
      return t('transform.join.short', { separator: transform.separator });
    case 'replace':
      return t('transform.replace.short', { pattern: transform.pattern, with: transform.with });
    case 'e164':
      return t('transform.e164.short', { country: transform.country });
    default:
      return t(`transform.${transform.kind}`);
  }
}

/** The rules of a field, each with what it does. */
export function rulesText(t: Translate, rules: readonly FieldRule[]): string {
  const texts = rules.map((rule) => {
    if (typeof rule === 'string') return rule;
    const steps = (rule.transforms ?? []).map((transform) => transformText(t, transform));
    return [rule.attributes.join(', '), ...steps].join(' → ');
  });
  return texts.join(`\n`);
}
