import { Badge, Button } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { EditRegular } from '@fluentui/react-icons/svg/edit';
import { LockClosedRegular } from '@fluentui/react-icons/svg/lock-closed';
import { PeopleRegular } from '@fluentui/react-icons/svg/people';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { mayTake } from '../../app/roles';
import { useSession } from '../../app/session';
import { type Grant, grantsQuery } from '../../data/grants';
import { fieldsOfUser, nameOfUser, type User, updateUser, usersSource } from '../../data/users';
import { useT } from '../../i18n/context';
import { List, type ListSpec } from '../../parts/list';
import { Page } from '../../parts/Page';
import { useToasts } from '../../parts/toasts';
import { useUsersPlace } from './place';
import { useUserRemoval } from './useUserRemoval';

/** The users of a tenant, or of the platform. */
export function UsersPage(): ReactNode {
  const t = useT();
  const place = useUsersPlace();
  const { tenant } = place;
  const session = useSession();
  const navigate = useNavigate();
  const client = useQueryClient();
  const toasts = useToasts();
  const removal = useUserRemoval({ tenant });
  const { data: grants = [] } = useQuery(grantsQuery(tenant));
  const rolesOf = (user: User): Grant[] => grants.filter((grant) => grant.user === user.id);
  const isBelow = (user: User): boolean =>
    user.id !== session.user &&
    rolesOf(user).every(({ role }) => mayTake(session.grants, role, place.reach));

  const flip = async (user: User): Promise<void> => {
    const base = fieldsOfUser(user);
    const fields = { ...base, is_disabled: !base.is_disabled };
    try {
      await updateUser(tenant, user.id, { revision: user.revision, base, fields });
      const key = fields.is_disabled ? 'user.disabled_now' : 'user.enabled_now';
      toasts.done(t(key, { name: nameOfUser(user) }));
    } catch (error) {
      toasts.failed(error);
    }
    await client.invalidateQueries({ queryKey: ['users', tenant] });
    await client.invalidateQueries({ queryKey: ['user', tenant, user.id] });
  };
  const add = (
    <Button
      appearance="primary"
      icon={<AddRegular />}
      onClick={() => void navigate(place.make as never)}
    >
      {t('users.add')}
    </Button>
  );
  const spec: ListSpec<User> = {
    label: place.title,
    source: usersSource(tenant),
    id: ({ id }) => id,
    name: ({ name }) => name ?? '',
    link: ({ id }) => place.link(id),
    columns: [
      { id: 'name', header: 'users.name', width: '1.5fr', cell: ({ name }) => name },
      { id: 'full', header: 'users.full_name', width: '1.5fr', isWide: true, cell: nameOfUser },
      {
        id: 'roles',
        header: 'users.roles',
        width: '1.5fr',
        isWide: true,
        cell: (user) => rolesIn(rolesOf(user).map(({ role }) => t(`role.${role}`))),
      },
      { id: 'state', header: 'users.state', width: '9rem', cell: (user) => <State user={user} /> },
      {
        id: 'seen',
        header: 'users.signed_in',
        isWide: true,
        cell: ({ signed_in_at }) =>
          signed_in_at ? t('home.runs.when', { at: signed_in_at }) : t('users.never'),
      },
    ],
    actions: (user) => [
      {
        id: 'edit',
        label: t('action.edit'),
        icon: <EditRegular />,
        act: () => void navigate(place.link(user.id) as never),
      },
      {
        id: 'flip',
        label: t(user.is_disabled ? 'user.enable' : 'user.disable'),
        icon: <LockClosedRegular />,
        isDisabled: !isBelow(user),
        act: () => void flip(user),
      },
      {
        id: 'remove',
        label: t('action.delete'),
        icon: <DeleteRegular />,
        isDisabled: !isBelow(user),
        act: () => removal.ask(user),
      },
    ],
    empty: {
      icon: <PeopleRegular />,
      title: t('users.empty.title'),
      text: t('users.empty.text'),
      action: add,
    },
  };
  return (
    <Page title={place.title} actions={add}>
      <List spec={spec} />
      {removal.dialog}
    </Page>
  );
}

function rolesIn(roles: string[]): string {
  return [...new Set(roles)].join(', ') || '–';
}

function State({ user }: { user: User }): ReactNode {
  const t = useT();
  const isOn = !user.is_disabled && user.has_password;
  const key = user.is_disabled ? 'users.off' : user.has_password ? 'users.on' : 'users.no_password';
  return (
    <Badge appearance="tint" color={isOn ? 'success' : user.is_disabled ? 'danger' : 'warning'}>
      {t(key)}
    </Badge>
  );
}
