import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { lookAtSession, signOut } from '../../app/session';
import { useT } from '../../i18n/context';
import { useToasts } from '../../parts/toasts';
import { SetUpFactor } from '../account/SetUpFactor';
import { SignInCard } from '../sign-in/SignInCard';

const useStyles = makeStyles({
  text: { margin: 0 },
  leave: { paddingBlockStart: tokens.spacingVerticalM },
});

/** What somebody has to do first whose tenant wants a second factor. */
export function SecondFactorPage(): ReactNode {
  const styles = useStyles();
  const t = useT();
  const client = useQueryClient();
  const navigate = useNavigate();
  const toasts = useToasts();
  const done = async (): Promise<void> => {
    await lookAtSession(client);
    await navigate({ to: '/', replace: true });
  };
  const leave = async (): Promise<void> => {
    try {
      const elsewhere = await signOut(client);
      if (elsewhere) location.assign(elsewhere);
      else await navigate({ to: '/sign-in', search: {} });
    } catch (error) {
      toasts.failed(error);
    }
  };
  return (
    <SignInCard title={t('factor.first.title')}>
      <p className={styles.text}>{t('factor.first.text')}</p>
      <SetUpFactor done={() => void done()} />
      <div className={styles.leave}>
        <Button appearance="subtle" onClick={() => void leave()}>
          {t('account.sign_out')}
        </Button>
      </div>
    </SignInCard>
  );
}
