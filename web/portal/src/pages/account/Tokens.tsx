import { Button, makeStyles, Spinner, tokens } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Session } from '../../app/session';
import { removeToken, type Token, tokensQuery } from '../../data/tokens';
import type { Translate } from '../../i18n/catalogue';
import { useT } from '../../i18n/context';
import { ConfirmDialog } from '../../parts/ConfirmDialog';
import { ErrorBanner } from '../../parts/ErrorBanner';
import { LINE_BELOW } from '../../parts/lines';
import { useToasts } from '../../parts/toasts';
import type { Scopes } from '../users/useScopes';
import { NewToken } from './NewToken';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    rowGap: tokens.spacingVerticalL,
    maxInlineSize: '60rem',
  },
  text: { margin: 0, color: tokens.colorNeutralForeground2 },
  list: { margin: 0, padding: 0, listStyleType: 'none' },
  token: {
    display: 'flex',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalM,
    paddingBlock: tokens.spacingVerticalS,
    ...LINE_BELOW,
  },
  name: { fontWeight: tokens.fontWeightSemibold },
  what: { flexGrow: 1, minInlineSize: 0, overflowWrap: 'anywhere' },
});

/** One's own API tokens. */
export function Tokens(props: { session: Session; scopes: Scopes; mayManage: boolean }): ReactNode {
  const { session, scopes, mayManage } = props;
  const styles = useStyles();
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const query = tokensQuery(session.tenant, session.user);
  const tokens = useQuery({ ...query, enabled: mayManage });
  const [asked, setAsked] = useState<Token | null>(null);
  const refresh = (): Promise<void> => client.invalidateQueries({ queryKey: query.queryKey });
  if (!mayManage) return <p className={styles.text}>{t('tokens.manage')}</p>;
  return (
    <div className={styles.root}>
      <p className={styles.text}>{t('tokens.text')}</p>
      {tokens.isError && <ErrorBanner error={tokens.error} retry={() => void tokens.refetch()} />}
      {tokens.isPending && <Spinner label={t('frame.loading')} />}
      {tokens.data?.length === 0 && <p className={styles.text}>{t('tokens.none')}</p>}
      <ul className={styles.list}>
        {tokens.data?.map((token) => (
          <li key={token.id} className={styles.token}>
            <div className={styles.what}>
              <div className={styles.name}>{token.name}</div>
              <div className={styles.text}>
                {[t(`role.${token.role}`), scopes.nameOf(token.scope), ...lifeOf(t, token)].join(
                  ' · ',
                )}
              </div>
            </div>
            <Button
              appearance="subtle"
              icon={<DismissRegular />}
              aria-label={t('tokens.revoke_one', { name: token.name })}
              onClick={() => setAsked(token)}
            />
          </li>
        ))}
      </ul>
      <NewToken session={session} scopes={scopes} made={refresh} />
      {asked && (
        <ConfirmDialog
          close={() => setAsked(null)}
          confirmation={{
            title: t('tokens.revoke.title', { name: asked.name }),
            text: t('tokens.revoke.text'),
            verb: t('tokens.revoke'),
            isDangerous: true,
            act: async () => {
              await removeToken(session.tenant, asked.id);
              toasts.done(t('tokens.revoked', { name: asked.name }));
              await refresh();
            },
          }}
        />
      )}
    </div>
  );
}

/** Until when a token holds, and when it was used. */
function lifeOf(t: Translate, { expires_at, used_at }: Token): string[] {
  const isOver = Date.parse(expires_at) < Date.now();
  return [
    t(isOver ? 'tokens.expired' : 'tokens.until', { at: expires_at }),
    used_at ? t('tokens.used', { at: used_at }) : t('tokens.unused'),
  ];
}
