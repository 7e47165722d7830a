import {
  MessageBar,
  MessageBarBody,
  makeStyles,
  Spinner,
  tokens,
} from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { mayTake } from '../../app/roles';
import { useMay, useSession } from '../../app/session';
import { ownUserQuery } from '../../data/users';
import { useT } from '../../i18n/context';
import { ErrorBanner } from '../../parts/ErrorBanner';
import { Page } from '../../parts/Page';
import { PasswordForm } from '../users/PasswordForm';
import { AccountForm } from '../users/UserPage';
import { useScopes } from '../users/useScopes';
import { OwnProfile } from './OwnProfile';
import { SecondFactor } from './SecondFactor';
import { Sessions } from './Sessions';
import { Tokens } from './Tokens';

const useStyles = makeStyles({
  page: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalXXXL },
  section: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM },
  title: { margin: 0, fontSize: tokens.fontSizeBase500, fontWeight: tokens.fontWeightSemibold },
  list: { margin: 0, paddingInlineStart: '1.25rem', overflowWrap: 'anywhere' },
});

/** One's own account: name, password and API tokens. */
export function AccountPage(): ReactNode {
  const styles = useStyles();
  const t = useT();
  const session = useSession();
  const user = useQuery(ownUserQuery(session));
  const scopes = useScopes(session.tenant);
  const isPlatform = session.grants.some(({ scope }) => scope.kind === 'platform');
  const mayManage = useMay(session.tenant)('manage_users');
  const reach = isPlatform ? null : session.tenant;
  const isAbove = session.grants.every(({ role }) => mayTake(session.grants, role, reach));
  const fixed = !mayManage ? 'all' : isAbove ? 'nothing' : 'account';
  return (
    <Page title={t('account.title')}>
      {user.isError && <ErrorBanner error={user.error} retry={() => void user.refetch()} />}
      {user.isPending && <Spinner label={t('frame.loading')} />}
      <div className={styles.page}>
        {!isPlatform && <OwnProfile session={session} />}
        {user.data && (
          <div className={styles.section}>
            {fixed !== 'nothing' && (
              <MessageBar intent="info" layout="multiline">
                <MessageBarBody>{t(`account.fixed.${fixed}`)}</MessageBarBody>
              </MessageBar>
            )}
            <AccountForm tenant={session.tenant} user={user.data} fixed={fixed} />
          </div>
        )}
        <section className={styles.section} aria-labelledby="own-roles">
          <h2 id="own-roles" className={styles.title}>
            {t('account.roles')}
          </h2>
          <ul className={styles.list}>
            {session.grants.map(({ role, scope }) => (
              <li key={JSON.stringify([role, scope])}>
                {t(`role.${role}`)} · {scopes.nameOf(scope)}
              </li>
            ))}
          </ul>
        </section>
        {user.data && (
          <section className={styles.section} aria-labelledby="own-password">
            <h2 id="own-password" className={styles.title}>
              {t('password.title')}
            </h2>
            <PasswordForm tenant={session.tenant} user={user.data} isOwn />
          </section>
        )}
        <section className={styles.section} aria-labelledby="own-factor">
          <h2 id="own-factor" className={styles.title}>
            {t('factor.title')}
          </h2>
          <SecondFactor />
        </section>
        <section className={styles.section} aria-labelledby="own-sessions">
          <h2 id="own-sessions" className={styles.title}>
            {t('sessions.title')}
          </h2>
          <Sessions tenant={session.tenant} user={session.user} />
        </section>
        <section className={styles.section} aria-labelledby="own-tokens">
          <h2 id="own-tokens" className={styles.title}>
            {t('tokens.title')}
          </h2>
          <Tokens session={session} scopes={scopes} mayManage={mayManage} />
        </section>
      </div>
    </Page>
  );
}
