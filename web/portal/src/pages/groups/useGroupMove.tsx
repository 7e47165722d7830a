import type { ReactNode } from 'react';
import type { Group } from '../../data/groups';
import { syncedIn, type Tree } from '../../data/tree';
import { useT } from '../../i18n/context';
import { useAsked } from '../../parts/useAsked';
import { PlaceDialog } from './PlaceDialog';
import { usePutGroup } from './usePutGroup';

/** Asks where a group goes, and puts it there. */
export function useGroupMove(tenant: string): { ask: (group: Group) => void; dialog: ReactNode } {
  const t = useT();
  const { put } = usePutGroup(tenant);
  // Neither into itself nor into what mirrors a directory.
  const without = (tree: Tree, group: Group): Set<string> => syncedIn(tree).add(group.id);
  return useAsked((group, close) => (
    <PlaceDialog
      tenant={tenant}
      title={t('group.move.title', { name: group.name })}
      verb={t('group.move')}
      place={group.parent ?? null}
      without={(tree) => without(tree, group)}
      act={(parent) => put(group, parent)}
      close={close}
    />
  ));
}
