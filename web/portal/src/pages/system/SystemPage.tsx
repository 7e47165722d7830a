import { MessageBar, MessageBarBody, makeStyles, tokens } from '@fluentui/react-components';
import { useSuspenseQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { systemQuery } from '../../data/system';
import { useT } from '../../i18n/context';
import { ErrorBanner } from '../../parts/ErrorBanner';
import { Page } from '../../parts/Page';
import { AboutDatabase, AboutGateway } from './About';
import { Checks } from './Checks';
import { Connections } from './Connections';
import { Jobs } from './Jobs';
import { Sources, Upkeep } from './Sources';

const useStyles = makeStyles({
  parts: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 26rem), 1fr))',
    gap: tokens.spacingHorizontalL,
    alignItems: 'start',
    maxInlineSize: '76rem',
  },
  at: { color: tokens.colorNeutralForeground2 },
  stale: { whiteSpace: 'normal', overflowWrap: 'anywhere' },
});

/** How the gateway is doing: for whoever runs it, with nothing of what is in tenants. */
export function SystemPage(): ReactNode {
  const styles = useStyles();
  const t = useT();
  const { data, error, refetch } = useSuspenseQuery(systemQuery);
  return (
    <Page title={t('system.title')}>
      {error && (
        <>
          <ErrorBanner error={error} retry={() => void refetch()} />
          <MessageBar intent="warning" layout="multiline">
            <MessageBarBody className={styles.stale}>
              {t('system.stale', { at: data.at })}
            </MessageBarBody>
          </MessageBar>
        </>
      )}
      <span className={styles.at}>{t('system.at', { at: data.at })}</span>
      <div className={styles.parts}>
        <Checks checks={data.checks} />
        <AboutGateway system={data} />
        <AboutDatabase system={data} />
        <Connections connections={data.connections} />
        <Jobs jobs={data.jobs} />
        <Sources sources={data.sources} />
        <Upkeep upkeep={data.upkeep} />
      </div>
    </Page>
  );
}
