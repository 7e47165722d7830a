import { Badge, makeStyles, Switch, tokens } from '@fluentui/react-components';
import { PeopleRegular } from '@fluentui/react-icons/svg/people';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo, useState } from 'react';
import { clientsQuery, clientUsersSource } from '../../data/clients';
import { type ClientProfile, clientProfilesQuery, nameOfClientProfile } from '../../data/profiles';
import { nameOfUser, type User } from '../../data/users';
import { useT } from '../../i18n/context';
import { List, type ListSpec } from '../../parts/list';
import { useAsked } from '../../parts/useAsked';
import { ProfileChoice } from './ProfileChoice';
import { usePermissionActions } from './usePermissionActions';

const useStyles = makeStyles({
  states: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalXS },
});

/** Who may use clients, by which profile, and who does so now. */
export function Permissions(props: { tenant: string; mayChange: boolean }): ReactNode {
  const { tenant, mayChange } = props;
  const t = useT();
  const [isOnly, setOnly] = useState(false);
  const { data: profiles = [] } = useQuery(clientProfilesQuery(tenant));
  const source = useMemo(() => clientUsersSource(tenant, isOnly), [tenant, isOnly]);
  const choosing = useAsked<User>((user, close) => (
    <ProfileChoice tenant={tenant} user={user} profiles={profiles} close={close} />
  ));
  const actions = usePermissionActions(tenant, choosing.ask);
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
    columns: useColumns(tenant, profiles),
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

/** What is told of each user. */
function useColumns(tenant: string, profiles: readonly ClientProfile[]): ListSpec<User>['columns'] {
  const t = useT();
  const { data: clients } = useQuery(clientsQuery(tenant));
  const builtIn = t('client_profiles.default');
  const profileOf = (user: User): string => {
    const found = profiles.find(({ id }) => id === user.client_profile);
    return found ? nameOfClientProfile(builtIn, found) : '';
  };
  return [
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
          count={clients?.users.find((one) => one.user === user.id)?.clients ?? 0}
        />
      ),
    },
  ];
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
