import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { resetSecondFactor } from '../../data/secondFactor';
import { nameOfUser, type User, userQuery } from '../../data/users';
import { useT } from '../../i18n/context';
import { ConfirmDialog } from '../../parts/confirm';
import { useToasts } from '../../parts/toasts';
import { Sessions } from '../account/Sessions';

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalXXL },
  section: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM },
  title: { margin: 0, fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold },
  text: { margin: 0, color: tokens.colorNeutralForeground2 },
});

/** How a user signs in, and where they are signed in. */
export function SignInTab(props: { tenant: string; user: User }): ReactNode {
  const { tenant, user } = props;
  const styles = useStyles();
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const [isAsking, setAsking] = useState(false);
  const name = nameOfUser(user);
  const reset = async (): Promise<void> => {
    await resetSecondFactor(tenant, user.id);
    toasts.done(t('factor.reset.done', { name }));
    await client.invalidateQueries({ queryKey: userQuery(tenant, user.id).queryKey });
    await client.invalidateQueries({ queryKey: ['sessions', tenant, user.id] });
  };
  const since = user.second_factor_since;
  return (
    <div className={styles.root}>
      <section className={styles.section} aria-labelledby="user-factor">
        <h2 id="user-factor" className={styles.title}>
          {t('factor.title')}
        </h2>
        <p className={styles.text}>{since ? t('factor.since', { at: since }) : t('factor.none')}</p>
        {since && (
          <div>
            <Button onClick={() => setAsking(true)}>{t('factor.reset')}</Button>
          </div>
        )}
      </section>
      <section className={styles.section} aria-labelledby="user-sessions">
        <h2 id="user-sessions" className={styles.title}>
          {t('sessions.title')}
        </h2>
        <Sessions tenant={tenant} user={user.id} />
      </section>
      {isAsking && (
        <ConfirmDialog
          close={() => setAsking(false)}
          confirmation={{
            title: t('factor.reset.title', { name }),
            text: t('factor.reset.text'),
            verb: t('factor.reset'),
            isDangerous: true,
            act: reset,
          }}
        />
      )}
    </div>
  );
}
