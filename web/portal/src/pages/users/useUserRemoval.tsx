import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { grantsQuery } from '../../data/grants';
import { nameOfUser, removeUser, type User } from '../../data/users';
import { useT } from '../../i18n/context';
import { ConfirmDialog } from '../../parts/ConfirmDialog';
import { useToasts } from '../../parts/toasts';

/** Asks before a user is removed, and says what ends with the account. */
export function useUserRemoval(options: { tenant: string; removed?: () => Promise<void> }): {
  ask: (user: User) => void;
  dialog: ReactNode;
} {
  const { tenant, removed } = options;
  const [asked, setAsked] = useState<User | null>(null);
  const dialog = asked && (
    <RemovalDialog
      tenant={tenant}
      user={asked}
      close={() => setAsked(null)}
      removed={async () => removed?.()}
    />
  );
  return { ask: setAsked, dialog };
}

function RemovalDialog(props: {
  tenant: string;
  user: User;
  close: () => void;
  removed: () => Promise<void>;
}): ReactNode {
  const { tenant, user, close, removed } = props;
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const grants = useQuery(grantsQuery(tenant));
  const name = nameOfUser(user);
  const count = grants.data?.filter((grant) => grant.user === user.id).length;
  const others = [t('user.remove.sessions'), ...(user.contact ? [t('user.remove.contact')] : [])];
  const isSearching = count === undefined && !grants.isError;
  const consequences = isSearching
    ? undefined
    : [...(count ? [t('user.remove.grants', { count })] : []), ...others];
  return (
    <ConfirmDialog
      close={close}
      confirmation={{
        title: t('user.remove.title', { name }),
        text: t('user.remove.text'),
        consequences,
        verb: t('user.remove.verb'),
        isDangerous: true,
        act: async () => {
          await removeUser(tenant, user.id);
          await removed();
          toasts.done(t('user.removed', { name }));
          client.removeQueries({ queryKey: ['user', tenant, user.id] });
          await client.invalidateQueries({ queryKey: ['users', tenant] });
          await client.invalidateQueries({ queryKey: ['grants', tenant] });
        },
      }}
    />
  );
}
