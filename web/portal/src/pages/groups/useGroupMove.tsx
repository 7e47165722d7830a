import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type Group, groupQuery, moveGroup } from '../../data/groups';
import { syncedIn, type Tree } from '../../data/tree';
import { useT } from '../../i18n/context';
import { useToasts } from '../../parts/toasts';
import { useAsked } from '../../parts/useAsked';
import { PlaceDialog } from './PlaceDialog';

/** Asks where a group goes, and puts it there. */
export function useGroupMove(tenant: string): { ask: (group: Group) => void; dialog: ReactNode } {
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const move = async (group: Group, parent: string | null): Promise<void> => {
    try {
      const kept = await moveGroup(tenant, group, parent);
      client.setQueryData(groupQuery(tenant, group.id).queryKey, kept);
      toasts.done(t('group.moved', { name: group.name }));
    } finally {
      await client.invalidateQueries({ queryKey: ['groups', tenant] });
      await client.invalidateQueries({ queryKey: ['group', tenant, group.id] });
    }
  };
  // Neither into itself nor into what mirrors a directory.
  const without = (tree: Tree, group: Group): Set<string> => syncedIn(tree).add(group.id);
  return useAsked((group, close) => (
    <PlaceDialog
      tenant={tenant}
      title={t('group.move.title', { name: group.name })}
      verb={t('group.move')}
      place={group.parent ?? null}
      without={(tree) => without(tree, group)}
      act={(parent) => move(group, parent)}
      close={close}
    />
  ));
}
