import {
  MessageBar,
  MessageBarBody,
  makeStyles,
  ProgressBar,
  tokens,
} from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { clientsQuery } from '../../data/clients';
import { useT } from '../../i18n/context';
import { Bones } from '../../parts/Bones';
import { ErrorBanner } from '../../parts/ErrorBanner';
import { Panel } from '../../parts/Panel';

const useStyles = makeStyles({
  panel: { flexShrink: 0, maxInlineSize: '60rem', boxSizing: 'border-box' },
  head: { display: 'flex', flexWrap: 'wrap', columnGap: tokens.spacingHorizontalXL },
  strong: { fontWeight: tokens.fontWeightSemibold },
  faint: { color: tokens.colorNeutralForeground2 },
  bar: { whiteSpace: 'normal', overflowWrap: 'anywhere' },
});

/** How many licences there are, how many are in use, and what that means for whoever comes next. */
export function Licences({ tenant }: { tenant: string }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const { data, error, refetch } = useQuery(clientsQuery(tenant));
  if (error && !data) return <ErrorBanner error={error} retry={() => void refetch()} />;
  if (!data) return <Bones rows={2} />;
  const { licences, permitted, connected: used } = data;
  const isFull = used >= licences;
  return (
    <Panel className={styles.panel}>
      <div className={styles.head}>
        <span className={styles.strong}>{t('clients.used', { used, licences })}</span>
        <span>{t('clients.permitted', { count: permitted })}</span>
      </div>
      <ProgressBar
        aria-label={t('clients.used', { used, licences })}
        value={used}
        max={Math.max(1, licences)}
        color={isFull ? 'warning' : 'brand'}
      />
      <span className={styles.faint}>{t('clients.used.help')}</span>
      {isFull ? (
        <Hint text={t('clients.full')} />
      ) : (
        permitted > licences && <Hint text={t('clients.more_permitted')} />
      )}
    </Panel>
  );
}

function Hint({ text }: { text: string }): ReactNode {
  const styles = useStyles();
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody className={styles.bar}>{text}</MessageBarBody>
    </MessageBar>
  );
}
