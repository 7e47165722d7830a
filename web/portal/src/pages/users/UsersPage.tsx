import { Badge, Button, Field, makeStyles, Select, tokens } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { EditRegular } from '@fluentui/react-icons/svg/edit';
import { LockClosedRegular } from '@fluentui/react-icons/svg/lock-closed';
import { PeopleRegular } from '@fluentui/react-icons/svg/people';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { mayTake } from '../../app/roles';
import type { UsersSearch } from '../../app/search';
import { useSession } from '../../app/session';
import { type Grant, grantsQuery, SCOPES_IN_TENANT, type ScopeInTenant } from '../../data/grants';
import {
  fieldsOfUser,
  nameOfUser,
  type User,
  updateUser,
  usersSource,
  usersWithRoleSource,
} from '../../data/users';
import type { Translate } from '../../i18n/catalogue';
import { useT } from '../../i18n/context';
import { List, type ListSpec, type RowAction } from '../../parts/list';
import { Page } from '../../parts/Page';
import { useToasts } from '../../parts/toasts';
import { type Place, useUsersPlace } from './place';
import { useUserRemoval } from './useUserRemoval';

const useStyles = makeStyles({
  filter: {
    gridTemplateColumns: 'auto minmax(0, 1fr)',
    columnGap: tokens.spacingHorizontalS,
    inlineSize: '20rem',
    maxInlineSize: '100%',
    '& select': { textOverflow: 'ellipsis' },
  },
});

/** The users of a tenant, or of the platform. */
export function UsersPage(): ReactNode {
  const t = useT();
  const place = useUsersPlace();
  const { tenant } = place;
  const navigate = useNavigate();
  const on = useSearch({ strict: false, select: (it) => (it as UsersSearch).on });
  const { data: grants = [] } = useQuery(grantsQuery(tenant));
  const rolesOf = (user: User): Grant[] => grants.filter((grant) => grant.user === user.id);
  const source = useMemo(
    () => (on ? usersWithRoleSource(tenant, on) : usersSource(tenant)),
    [tenant, on],
  );
  const { actions, dialog } = useUserActions(place, rolesOf);
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
    source,
    id: ({ id }) => id,
    name: ({ name }) => name ?? '',
    link: ({ id }) => place.link(id),
    columns: columnsOf(t, rolesOf),
    actions,
    ...(!place.isPlatform && { bar: <RoleFilter on={on} />, isNarrowed: Boolean(on) }),
    empty: {
      icon: <PeopleRegular />,
      title: t('users.empty.title'),
      text: t('users.empty.text'),
      action: add,
    },
  };
  return (
    <Page title={place.title} actions={add}>
      {/* Another choice begins at its first row. */}
      <List key={on ?? ''} spec={spec} />
      {dialog}
    </Page>
  );
}

/** On what those who are listed have a role. */
function RoleFilter({ on }: { on: ScopeInTenant | undefined }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const navigate = useNavigate();
  const choose = (value: string): void => {
    const next = SCOPES_IN_TENANT.find((one) => one === value);
    const search = ({ on: _, ...rest }: UsersSearch): UsersSearch => ({
      ...rest,
      ...(next && { on: next }),
    });
    void navigate({ to: '.', search: search as never, replace: true });
  };
  return (
    <Field label={t('users.on_which')} orientation="horizontal" className={styles.filter}>
      <Select value={on ?? ''} onChange={(_, { value }) => choose(value)}>
        <option value="">{t('users.on_any')}</option>
        {SCOPES_IN_TENANT.map((one) => (
          <option key={one} value={one}>
            {t(`scope.${one}`)}
          </option>
        ))}
      </Select>
    </Field>
  );
}

function columnsOf(t: Translate, rolesOf: (user: User) => Grant[]): ListSpec<User>['columns'] {
  return [
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
  ];
}

/** What can be done with a user, as far as the one who works may do it. */
function useUserActions(
  place: Place,
  rolesOf: (user: User) => Grant[],
): { actions: (user: User) => RowAction[]; dialog: ReactNode } {
  const t = useT();
  const { tenant } = place;
  const session = useSession();
  const navigate = useNavigate();
  const flip = useFlip(tenant);
  const removal = useUserRemoval({ tenant });
  const isBelow = (user: User): boolean =>
    user.id !== session.user &&
    rolesOf(user).every(({ role }) => mayTake(session.grants, role, place.reach));
  const actions = (user: User): RowAction[] => [
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
  ];
  return { actions, dialog: removal.dialog };
}

/** Disables a user, or enables them again. */
function useFlip(tenant: string): (user: User) => Promise<void> {
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  return async (user) => {
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
