import type { Tenant } from '../../data/tenants';
import type { Translate } from '../../i18n/catalogue';
import { readable, type StepState } from './steps';
import type { Known } from './useFacts';

/** How a step stands, in a few words. */
export function stateText(
  t: Translate,
  { id, isDone, isUnread }: StepState,
  { tenant, known, isAbove }: { tenant: Tenant; known: Known; isAbove: boolean },
): string {
  const { domains, sources, publication, facts } = known;
  if (id === 'tenant') return t('setup.tenant.is', { name: tenant.name });
  if (isUnread) return t('setup.unread');
  if (id === 'administrator') {
    const count = facts.administrators ?? 0;
    return isDone ? t('setup.administrator.are', { count }) : t('setup.administrator.text');
  }
  if (isAbove) return t('setup.not_yours');
  if (!isDone) return t(`setup.${id}.text`);
  switch (id) {
    case 'domain':
      return t('setup.domain.are', { title: domains[0]?.title, count: domains.length });
    case 'source':
      return t('setup.source.are', { name: sources[0]?.name, count: sources.length });
    case 'run':
      return t(readable(sources).length > 0 ? 'setup.run.was' : 'setup.run.nobody');
    case 'publication':
      return t('setup.publication.is', {
        title: publication?.title,
        count: publication?.entries ?? 0,
      });
    case 'widget':
      return t('setup.widget.is');
  }
}
