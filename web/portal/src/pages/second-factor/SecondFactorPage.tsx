import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { lookAtSession } from '../../app/session';
import { useT } from '../../i18n/context';
import { CardPage } from '../../parts/CardPage';
import { useSignOut } from '../../parts/useSignOut';
import { SetUpFactor } from '../account/SetUpFactor';

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
  const { next } = useSearch({ from: '/second-factor' });
  const leave = useSignOut();
  const done = async (): Promise<void> => {
    await lookAtSession(client);
    await navigate({ to: next === 'operator' ? '/operator' : '/', replace: true });
  };
  return (
    <CardPage title={t('factor.first.title')} of={t('product.name')}>
      <p className={styles.text}>{t('factor.first.text')}</p>
      <SetUpFactor done={() => void done()} />
      <div className={styles.leave}>
        <Button appearance="subtle" onClick={() => void leave()}>
          {t('account.sign_out')}
        </Button>
      </div>
    </CardPage>
  );
}
