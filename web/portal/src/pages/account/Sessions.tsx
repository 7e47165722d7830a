import { Badge, Button, makeStyles, Spinner, tokens } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { browserOf } from '../../app/browser';
import { useSession } from '../../app/session';
import { endSession, endSessions, sessionsQuery, type UserSession } from '../../data/sessions';
import type { Translate } from '../../i18n/catalogue';
import { useT } from '../../i18n/context';
import { type Confirmation, ConfirmDialog } from '../../parts/ConfirmDialog';
import { ErrorBanner } from '../../parts/ErrorBanner';
import { LINE_BELOW } from '../../parts/lines';
import { useToasts } from '../../parts/toasts';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    rowGap: tokens.spacingVerticalM,
    maxInlineSize: '60rem',
  },
  text: { margin: 0, color: tokens.colorNeutralForeground2 },
  list: { margin: 0, padding: 0, listStyleType: 'none' },
  session: {
    display: 'flex',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalM,
    paddingBlock: tokens.spacingVerticalS,
    ...LINE_BELOW,
  },
  name: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: tokens.spacingHorizontalS,
    fontWeight: tokens.fontWeightSemibold,
  },
  what: { flexGrow: 1, minInlineSize: 0, overflowWrap: 'anywhere' },
});

/** Where a user is signed in, and ending that. */
export function Sessions(props: { tenant: string; user: string }): ReactNode {
  const { tenant, user } = props;
  const styles = useStyles();
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const here = useSession().id;
  const query = sessionsQuery(tenant, user);
  const sessions = useQuery(query);
  const [asked, setAsked] = useState<Confirmation | null>(null);
  const others = sessions.data?.filter(({ id }) => id !== here) ?? [];
  const ending = (end: () => Promise<void>, told: string) => async (): Promise<void> => {
    await end();
    toasts.done(told);
    await client.invalidateQueries({ queryKey: query.queryKey });
  };
  const askOne = (session: UserSession): void =>
    setAsked({
      title: t('sessions.end.title', { name: nameOf(t, session) }),
      text: t('sessions.end.text'),
      verb: t('sessions.end'),
      isDangerous: true,
      act: ending(() => endSession(tenant, user, session.id), t('sessions.ended')),
    });
  const isOwn = others.length < (sessions.data?.length ?? 0);
  const askAll = (): void =>
    setAsked({
      title: t(isOwn ? 'sessions.end_others' : 'sessions.end_all'),
      text: t('sessions.end.all', { count: others.length }),
      verb: t('sessions.end'),
      isDangerous: true,
      act: ending(() => endSessions(tenant, user), t('sessions.all_ended')),
    });
  return (
    <div className={styles.root}>
      {sessions.isError && (
        <ErrorBanner error={sessions.error} retry={() => void sessions.refetch()} />
      )}
      {sessions.isPending && <Spinner label={t('frame.loading')} />}
      {sessions.data?.length === 0 && <p className={styles.text}>{t('sessions.none')}</p>}
      <ul className={styles.list}>
        {sessions.data?.map((session) => (
          <li key={session.id} className={styles.session}>
            <div className={styles.what}>
              <div className={styles.name}>
                {nameOf(t, session)}
                {session.id === here && <Badge color="success">{t('sessions.here')}</Badge>}
                {session.is_by_provider && (
                  <Badge appearance="outline">{t('sessions.by_provider')}</Badge>
                )}
              </div>
              <div className={styles.text}>
                {t('sessions.since', { at: session.created_at })} ·{' '}
                {t('sessions.used', { at: session.used_at })}
              </div>
            </div>
            {session.id !== here && (
              <Button
                appearance="subtle"
                icon={<DismissRegular />}
                aria-label={t('sessions.end_one', { name: nameOf(t, session) })}
                onClick={() => askOne(session)}
              />
            )}
          </li>
        ))}
      </ul>
      {others.length > 0 && (
        <div>
          <Button onClick={askAll}>{t(isOwn ? 'sessions.end_others' : 'sessions.end_all')}</Button>
        </div>
      )}
      {asked && <ConfirmDialog confirmation={asked} close={() => setAsked(null)} />}
    </div>
  );
}

/** A browser as people know it. */
function nameOf(t: Translate, { user_agent }: UserSession): string {
  const { browser, system } = browserOf(user_agent);
  if (browser && system) return t('sessions.browser', { browser, system });
  return browser ?? system ?? (user_agent.slice(0, 60) || t('sessions.unknown'));
}
