import { Button, makeStyles, Spinner, tokens } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { mayTake, rolesToGive } from '../../app/roles';
import { useSession } from '../../app/session';
import { grantsChanged, grantsQuery } from '../../data/grants';
import { nameOfUser, type User } from '../../data/users';
import { useT } from '../../i18n/context';
import { ErrorBanner } from '../../parts/ErrorBanner';
import { LINE_BELOW } from '../../parts/lines';
import { GiveRole } from './GiveRole';
import { useGrantRemoval } from './useGrantRemoval';
import { useScopes } from './useScopes';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    rowGap: tokens.spacingVerticalL,
    maxInlineSize: '60rem',
  },
  list: { margin: 0, padding: 0, listStyleType: 'none' },
  grant: {
    display: 'flex',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalM,
    paddingBlock: tokens.spacingVerticalS,
    ...LINE_BELOW,
  },
  text: { flexGrow: 1, minInlineSize: 0, overflowWrap: 'anywhere' },
  role: { fontWeight: tokens.fontWeightSemibold },
  help: { color: tokens.colorNeutralForeground2 },
  none: { margin: 0, color: tokens.colorNeutralForeground2 },
});

/** The roles of a user, as far as the one who works may give and take them. */
export function Grants(props: { tenant: string; reach: string | null; user: User }): ReactNode {
  const { tenant, reach, user } = props;
  const styles = useStyles();
  const t = useT();
  const client = useQueryClient();
  const session = useSession();
  const scopes = useScopes(tenant);
  const grants = useQuery(grantsQuery(tenant));
  const removal = useGrantRemoval(tenant, scopes);
  const own = grants.data?.filter((grant) => grant.user === user.id) ?? [];
  const roles = rolesToGive(session.grants, reach);
  const refresh = (): Promise<void> => grantsChanged(client, tenant);

  return (
    <div className={styles.root}>
      {grants.isError && <ErrorBanner error={grants.error} retry={() => void grants.refetch()} />}
      {grants.isPending && <Spinner label={t('frame.loading')} />}
      {grants.isSuccess && own.length === 0 && <p className={styles.none}>{t('grants.none')}</p>}
      <ul className={styles.list}>
        {own.map((grant) => (
          <li key={grant.id} className={styles.grant}>
            <div className={styles.text}>
              <div>
                <span className={styles.role}>{t(`role.${grant.role}`)}</span>
                {' · '}
                {scopes.nameOf(grant.scope)}
              </div>
              <div className={styles.help}>{t(`role.${grant.role}.help`)}</div>
            </div>
            {mayTake(session.grants, grant.role, reach) && (
              <Button
                appearance="subtle"
                icon={<DismissRegular />}
                aria-label={t('grants.remove', { role: t(`role.${grant.role}`) })}
                onClick={() => removal.ask({ grant, name: nameOfUser(user) })}
              />
            )}
          </li>
        ))}
      </ul>
      {roles.length > 0 ? (
        <GiveRole tenant={tenant} user={user} roles={roles} scopes={scopes} given={refresh} />
      ) : (
        <p className={styles.none}>{t('grants.cannot')}</p>
      )}
      {removal.dialog}
    </div>
  );
}
