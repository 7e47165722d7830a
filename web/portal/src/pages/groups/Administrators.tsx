import { Button, makeStyles, Spinner, tokens } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { mayTake, rolesToGive, scopesOf } from '../../app/roles';
import { useSession } from '../../app/session';
import { type Grant, grantsQuery } from '../../data/grants';
import type { Group } from '../../data/groups';
import { nameOfUser, usersToNameQuery } from '../../data/users';
import { useT } from '../../i18n/context';
import { ErrorBanner } from '../../parts/ErrorBanner';
import { LINE_BELOW, LINK } from '../../parts/lines';
import { useGrantRemoval } from '../users/useGrantRemoval';
import { useScopes } from '../users/useScopes';
import { isOn, reaching } from './administrators';
import { GiveRoleDialog } from './GiveRoleDialog';
import { useSharedTree } from './GroupsLayout';

/** How many are shown at once, and how many more when somebody asks. */
const STEP = 100;

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM },
  text: { margin: 0, color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere' },
  heading: { margin: 0, fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold },
  list: { margin: 0, padding: 0, listStyleType: 'none' },
  line: {
    display: 'flex',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalM,
    paddingBlock: tokens.spacingVerticalS,
    ...LINE_BELOW,
  },
  who: { flexGrow: 1, minInlineSize: 0, overflowWrap: 'anywhere' },
  link: LINK,
  more: { alignSelf: 'start' },
});

/** Who administers a group, by a role on it or above, and who has another role on it. */
export function Administrators({ tenant, group }: { tenant: string; group: Group }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const session = useSession();
  const { tree, error, retry } = useSharedTree();
  const grants = useQuery(grantsQuery(tenant));
  const [isGiving, setGiving] = useState(false);
  const roles = rolesToGive(session.grants, tenant).filter((role) =>
    scopesOf(role).includes('group'),
  );
  const path = tree ? [group, ...tree.above(group.id).toReversed()] : [];
  const { administrators, others } = reaching(grants.data ?? [], path);
  const isReading = grants.isPending || (!tree && !error);
  return (
    <section className={styles.root} aria-labelledby="administrators">
      <h2 id="administrators" className={styles.heading}>
        {t('group.admins')}
      </h2>
      <p className={styles.text}>{t('group.admins.text')}</p>
      {group.synced_from && <p className={styles.text}>{t('group.admins.mirrored')}</p>}
      {!group.synced_from && roles.length > 0 && (
        <div>
          <Button icon={<AddRegular />} onClick={() => setGiving(true)}>
            {t('group.admins.give')}
          </Button>
        </div>
      )}
      {grants.isError && <ErrorBanner error={grants.error} retry={() => void grants.refetch()} />}
      {!tree && error ? <ErrorBanner error={error} retry={retry} /> : null}
      {isReading && !grants.isError && <Spinner label={t('frame.loading')} />}
      {grants.isSuccess && tree && administrators.length === 0 && (
        <p className={styles.text}>{t('group.admins.none')}</p>
      )}
      {tree && <Holders tenant={tenant} group={group} grants={administrators} />}
      {tree && others.length > 0 && (
        <>
          <h3 className={styles.heading}>{t('group.admins.others')}</h3>
          <Holders tenant={tenant} group={group} grants={others} />
        </>
      )}
      {isGiving && (
        <GiveRoleDialog
          tenant={tenant}
          group={group}
          roles={roles}
          grants={grants.data ?? []}
          close={() => setGiving(false)}
        />
      )}
    </section>
  );
}

/** Roles and who has them; those on the group itself can be taken away. */
function Holders(props: { tenant: string; group: Group; grants: readonly Grant[] }): ReactNode {
  const { tenant, group, grants } = props;
  const styles = useStyles();
  const t = useT();
  const session = useSession();
  const scopes = useScopes(tenant);
  const { data: users } = useQuery(usersToNameQuery(tenant));
  const removal = useGrantRemoval(tenant, scopes);
  const [shown, setShown] = useState(STEP);
  const nameOf = (id: string): string => {
    const user = users?.find((one) => one.id === id);
    return user ? nameOfUser(user) : '…';
  };
  return (
    <>
      <ul className={styles.list}>
        {grants.slice(0, shown).map((grant) => {
          const name = nameOf(grant.user);
          const role = t(`role.${grant.role}`);
          return (
            <li key={grant.id} className={styles.line}>
              <div className={styles.who}>
                <Link
                  to="/t/$tenant/users/$user"
                  params={{ tenant, user: grant.user }}
                  className={styles.link}
                >
                  {name}
                </Link>
                <div className={styles.text}>
                  {role} ·{' '}
                  {isOn(grant, group) ? t('group.admins.here') : scopes.nameOf(grant.scope)}
                </div>
              </div>
              {isOn(grant, group) && mayTake(session.grants, grant.role, tenant) && (
                <Button
                  appearance="subtle"
                  icon={<DismissRegular />}
                  aria-label={t('group.admins.take', { role, name })}
                  title={t('group.admins.take', { role, name })}
                  onClick={() => removal.ask({ grant, name })}
                />
              )}
            </li>
          );
        })}
      </ul>
      {grants.length > shown && (
        <Button className={styles.more} onClick={() => setShown(shown + STEP)}>
          {t('groups.more', { count: grants.length - shown })}
        </Button>
      )}
      {removal.dialog}
    </>
  );
}
