import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type GroupDependents, groupDependentsQuery } from '../../data/dependents';
import { type Group, removeGroup } from '../../data/groups';
import type { Translate } from '../../i18n/catalogue';
import { useT } from '../../i18n/context';
import { ConfirmDialog } from '../../parts/confirm';
import { useToasts } from '../../parts/toasts';
import { useAsked } from '../../parts/useAsked';

/** Asks before a group is removed, and says what goes with it. */
export function useGroupRemoval(options: { tenant: string; removed?: () => Promise<void> }): {
  ask: (group: Group) => void;
  dialog: ReactNode;
} {
  const { tenant, removed } = options;
  return useAsked((group, close) => (
    <RemovalDialog tenant={tenant} group={group} close={close} removed={removed} />
  ));
}

function RemovalDialog(props: {
  tenant: string;
  group: Group;
  close: () => void;
  removed: (() => Promise<void>) | undefined;
}): ReactNode {
  const { tenant, group, close, removed } = props;
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const found = useQuery(groupDependentsQuery(client, tenant, group));
  const name = group.name ?? '';

  const act = async (): Promise<void> => {
    await removeGroup(tenant, group);
    await removed?.();
    toasts.done(t('group.removed', { name }));
    client.removeQueries({ queryKey: ['group', tenant] });
    await client.invalidateQueries({ queryKey: ['groups', tenant] });
  };
  return (
    <ConfirmDialog
      close={close}
      confirmation={{
        title: t('group.remove.title', { name }),
        text: t('group.remove.text'),
        consequences: found.isError
          ? [t('group.remove.unknown')]
          : found.data && worded(t, found.data, group.member_count),
        verb: t('group.remove.verb'),
        isDangerous: true,
        act,
      }}
    />
  );
}

function worded(t: Translate, { below, publications }: GroupDependents, members: number): string[] {
  return [
    ...(members ? [t('group.remove.members', { count: members })] : []),
    ...(below.length ? [t('group.remove.below', { count: below.length })] : []),
    ...publications.map((publication) => t('group.remove.publication', { publication })),
  ];
}
