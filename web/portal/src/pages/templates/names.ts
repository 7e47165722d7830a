import type { TemplateItem } from '../../data/templates';
import type { Translate } from '../../i18n/catalogue';

/** What a template is called: the built-in ones have names in the words of the page only. */
export function nameOfTemplate(
  t: Translate,
  { kind, name, is_built_in }: Pick<TemplateItem, 'kind' | 'name' | 'is_built_in'>,
): string {
  return is_built_in ? t(`templates.built_in.${kind}`) : name;
}
