import type { Uses } from '../../data/uses';
import type { Translate } from '../../i18n/catalogue';

/** What follows from removing what is used so, a sentence each. */
export function consequencesOf(t: Translate, uses: Uses): string[] {
  return [
    ...uses.home.map((site) => t('contact.remove.home', { site })),
    ...uses.sites.map((site) => t('contact.remove.site', { site })),
    ...uses.groups.map((group) => t('contact.remove.group', { group })),
    ...uses.publications.map((publication) => t('contact.remove.publication', { publication })),
  ];
}
