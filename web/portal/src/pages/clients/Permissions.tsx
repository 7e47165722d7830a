import { Badge, makeStyles, Switch, tokens } from '@fluentui/react-components';
import { EditRegular } from '@fluentui/react-icons/svg/edit';
import { PeopleRegular } from '@fluentui/react-icons/svg/people';
import { PersonAddRegular } from '@fluentui/react-icons/svg/person-add';
import { PersonDeleteRegular } from '@fluentui/react-icons/svg/person-delete';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useMemo, useState } from 'react';
import { useSession } from '../../app/session';
import { changeClient, clientsQuery, clientUsersSource } from '../../data/clients';
import { clientProfilesQuery, nameOfClientProfile } from '../../data/profiles';
import { nameOfUser, type User } from '../../data/users';
import { useT } from '../../i18n/context';
import { List, type ListSpec, type RowAction } from '../../parts/list';
import { useToasts } from '../../parts/toasts';
import { useAsked } from '../../parts/useAsked';
import { ProfileChoice } from './ProfileChoice';

const useStyles = makeStyles({
  states: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalXS },
});

/** Who may use clients, by which profile, and who does so now. */
export function Permissions(props: { tenant: string; mayChange: boolean }): ReactNode {
  const { tenant, mayChange } = props;
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const { user: own } = useSession();
  const [isOnly, setOnly] = useState(false);
  const { data: clients } = useQuery(clientsQuery(tenant));
  const { data: profiles = [] } = useQuery(clientProfilesQuery(tenant));
  const source = useMemo(() => clientUsersSource(tenant, isOnly), [tenant, isOnly]);
  const builtIn = t('client_profiles.default');
  const profileOf = (user: User): string => {
    const found = profiles.find(({ id }) => id === user.client_profile);
    return found ? nameOfClientProfile(builtIn, found) : '';
  };
  const choosing = useAsked<User>((user, close) => (
    <ProfileChoice tenant={tenant} user={user} profiles={profiles} close={close} />
  ));
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
  const actions = (user: User): RowAction[] => [
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
      act: () => choosing.ask(user),
    },
  ];
  const spec: ListSpec<User> = {
    label: t('clients.users'),
    source,
    id: ({ id }) => id,
    name: ({ name }) => name ?? '',
    link: ({ id }) => ({ to: '/t/$tenant/users/$user', params: { tenant, user: id } }),
    bar: (
      <Switch
        label={t('clients.only')}
        checked={isOnly}
        onChange={(_, { checked }) => setOnly(checked)}
      />
    ),
    isNarrowed: isOnly,
    columns: [
      { id: 'name', header: 'users.name', width: '1.5fr', cell: ({ name }) => name },
      { id: 'full', header: 'users.full_name', width: '1.5fr', isWide: true, cell: nameOfUser },
      {
        id: 'profile',
        header: 'user.client_profile',
        isWide: true,
        cell: (user) => (user.is_client_allowed ? profileOf(user) : ''),
      },
      {
        id: 'state',
        header: 'clients.state',
        width: '14rem',
        cell: (user) => (
          <State
            user={user}
            count={clients?.connected.find((one) => one.user === user.id)?.clients ?? 0}
          />
        ),
      },
    ],
    ...(mayChange && { actions }),
    empty: {
      icon: <PeopleRegular />,
      title: t(isOnly ? 'clients.nobody' : 'users.empty.title'),
      text: t('clients.nobody.text'),
    },
  };
  return (
    <>
      <List key={String(isOnly)} spec={spec} />
      {choosing.dialog}
    </>
  );
}

function State({ user, count }: { user: User; count: number }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const isAllowed = user.is_client_allowed && !user.is_disabled;
  const why = user.is_client_allowed ? 'clients.disabled' : 'clients.not_allowed';
  return (
    <span className={styles.states}>
      <Badge appearance="tint" color={isAllowed ? 'success' : 'informative'}>
        {t(isAllowed ? 'clients.allowed' : why)}
      </Badge>
      {count > 0 && (
        <Badge appearance="tint" color="brand">
          {t('clients.connected', { count })}
        </Badge>
      )}
    </span>
  );
}
