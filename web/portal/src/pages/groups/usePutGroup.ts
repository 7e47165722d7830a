import { useQueryClient } from '@tanstack/react-query';
import { groupsToChooseQuery } from '../../data/choices';
import { type Group, groupQuery, moveGroup } from '../../data/groups';
import { useT } from '../../i18n/context';
import { useToasts } from '../../parts/toasts';

/** Puts groups elsewhere in the tree, and offers to take that back. */
export interface Put {
  /** Puts a group below `parent`, or at the top; fails as the gateway does. */
  put: (group: Group, parent: string | null) => Promise<void>;
  /** The same where nothing is left to say a failure in: that becomes a message. Says whether it went well. */
  orSay: (group: Group, parent: string | null) => Promise<boolean>;
}

export function usePutGroup(tenant: string): Put {
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const move = async (group: Group, parent: string | null): Promise<Group> => {
    try {
      const kept = await moveGroup(tenant, group, parent);
      client.setQueryData(groupQuery(tenant, group.id).queryKey, kept);
      // The tree is read in many pages; nobody waits for them to see what they did.
      client.setQueryData(groupsToChooseQuery(tenant).queryKey, (all) =>
        all?.map((one) => (one.id === kept.id ? kept : one)),
      );
      return kept;
    } finally {
      void client.invalidateQueries({ queryKey: ['groups', tenant] });
      void client.invalidateQueries({ queryKey: ['group', tenant, group.id] });
    }
  };
  const back = async (kept: Group, parent: string | null): Promise<void> => {
    try {
      const { name } = await move(kept, parent);
      toasts.done(t('group.moved.back', { name }));
    } catch (error) {
      toasts.failed(error);
    }
  };
  const put = async (group: Group, parent: string | null): Promise<void> => {
    const kept = await move(group, parent);
    toasts.done(t('group.moved', { name: group.name }), {
      label: t('work.undo'),
      act: () => void back(kept, group.parent ?? null),
    });
  };
  return {
    put,
    async orSay(group, parent) {
      try {
        await put(group, parent);
        return true;
      } catch (error) {
        toasts.failed(error);
        return false;
      }
    },
  };
}
