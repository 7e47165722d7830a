import { isProblem } from '@switchboard/client';
import { useQuery } from '@tanstack/react-query';
import { contactQuery } from '../../data/contacts';
import type { Group } from '../../data/groups';
import type { Entry } from '../../data/publications';
import { useT } from '../../i18n/context';

/** The name of what an entry shows; contacts are asked for when their row is in sight. */
export function useEntryName(
  tenant: string,
  entry: Entry,
  group: Group | undefined,
): { name: string; isGone: boolean } {
  const t = useT();
  const id = 'contact' in entry ? entry.contact : '';
  const { data, error } = useQuery({ ...contactQuery(tenant, id), enabled: id !== '' });
  const isGone = isProblem(error, 'not_found') || ('group' in entry && !group);
  if (isGone) return { name: t('cards.unknown'), isGone };
  return { name: group?.name ?? data?.shown_name ?? '…', isGone };
}
