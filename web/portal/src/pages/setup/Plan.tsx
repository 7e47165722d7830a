import { Badge, MessageBar, MessageBarBody, makeStyles, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { firstEntriesQuery, type Run } from '../../data/runs';
import { useT, useWords } from '../../i18n/context';
import { ErrorBanner } from '../../parts/ErrorBanner';
import { LINE_BELOW, LINK } from '../../parts/lines';
import { ProgressPanel } from '../../parts/ProgressPanel';
import { doneOf, paceText, phaseText } from '../runs/progress';
import { RunActions } from '../runs/RunActions';
import { useRun } from '../runs/useRun';
import { ACTION_COLORS, countsOf, problemText, statusText } from '../runs/words';
import { Actions } from './parts';

/** How many lines are shown here; all of them are on the run's page. */
const SHOWN = 8;

const useStyles = makeStyles({
  lines: { display: 'grid', margin: 0, padding: 0, listStyleType: 'none' },
  line: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalM,
    rowGap: tokens.spacingVerticalXS,
    paddingBlock: tokens.spacingVerticalXS,
    ...LINE_BELOW,
  },
  entry: { flexGrow: 1, flexBasis: '14rem', minInlineSize: 0, overflowWrap: 'anywhere' },
  bar: { whiteSpace: 'normal', overflowWrap: 'anywhere' },
  link: LINK,
});

/** A run as it goes on, what it would do, and what it did. */
export function Plan({ tenant, id }: { tenant: string; id: string }): ReactNode {
  const styles = useStyles();
  const { t, locale } = useWords();
  const { run, progress } = useRun(tenant, id);
  const isWaiting = run.state === 'awaiting_approval';
  return (
    <>
      <ProgressPanel
        title={t(`run.${run.state}`)}
        status={progress ? phaseText(t, progress) : statusText(t, run)}
        {...doneOf(progress)}
        isRunning={run.state === 'running'}
        counts={countsOf(t, locale, run)}
      >
        {progress && <span>{paceText(t, progress)}</span>}
        {run.problem && (
          <MessageBar intent={run.state === 'failed' ? 'error' : 'info'} layout="multiline">
            <MessageBarBody className={styles.bar}>{problemText(t, run.problem)}</MessageBarBody>
          </MessageBar>
        )}
      </ProgressPanel>
      {run.state !== 'running' && <Lines tenant={tenant} run={run} />}
      {isWaiting && (
        <Actions>
          <RunActions tenant={tenant} run={run} />
        </Actions>
      )}
    </>
  );
}

function Lines({ tenant, run }: { tenant: string; run: Run }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const { data: lines, error, refetch } = useQuery(firstEntriesQuery(tenant, run, SHOWN));
  if (error) return <ErrorBanner error={error} retry={() => void refetch()} />;
  if (!lines || lines.length === 0) return null;
  return (
    <>
      <ul className={styles.lines} aria-label={t('entries.title')}>
        {lines.slice(0, SHOWN).map(({ number, locator, action }) => (
          <li key={number} className={styles.line}>
            <span className={styles.entry}>{locator}</span>
            <Badge appearance="tint" color={ACTION_COLORS[action]}>
              {t(`entries.${action}`)}
            </Badge>
          </li>
        ))}
      </ul>
      <Link to="/t/$tenant/runs/$run" params={{ tenant, run: run.id }} className={styles.link}>
        {t('setup.run.lines')}
      </Link>
    </>
  );
}
