import { EditRegular } from '@fluentui/react-icons/svg/edit';
import { PersonAddRegular } from '@fluentui/react-icons/svg/person-add';
import { PersonDeleteRegular } from '@fluentui/react-icons/svg/person-delete';
import { useQueryClient } from '@tanstack/react-query';
import { useSession } from '../../app/session';
import { changeClient } from '../../data/clients';
import { nameOfUser, type User } from '../../data/users';
import { useT } from '../../i18n/context';
import type { RowAction } from '../../parts/list';
import { useToasts } from '../../parts/toasts';

/** What can be done about a user's clients; `choose` asks for the profile. */
export function usePermissionActions(
  tenant: string,
  choose: (user: User) => void,
): (user: User) => RowAction[] {
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const { user: own } = useSession();
  const flip = async (user: User): Promise<void> => {
    const is_client_allowed = !user.is_client_allowed;
    try {
      await changeClient(tenant, user, { is_client_allowed });
      const key = is_client_allowed ? 'clients.given' : 'clients.taken';
      toasts.done(t(key, { name: nameOfUser(user) }));
    } catch (error) {
      toasts.failed(error);
    }
    await client.invalidateQueries({ queryKey: ['users', tenant] });
    await client.invalidateQueries({ queryKey: ['user', tenant, user.id] });
    await client.invalidateQueries({ queryKey: ['clients', tenant] });
  };
  return (user) => [
    {
      id: 'flip',
      label: t(user.is_client_allowed ? 'clients.take' : 'clients.give'),
      icon: user.is_client_allowed ? <PersonDeleteRegular /> : <PersonAddRegular />,
      // What one may do oneself is somebody else's to say.
      isDisabled: user.id === own,
      act: () => void flip(user),
    },
    {
      id: 'profile',
      label: t('clients.profile.choose'),
      icon: <EditRegular />,
      isDisabled: user.id === own || !user.is_client_allowed,
      act: () => choose(user),
    },
  ];
}
