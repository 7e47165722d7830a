import { MessageBar, MessageBarBody, makeStyles, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Run } from '../../data/runs';
import { sourcesToChooseQuery } from '../../data/sources';
import { useWords } from '../../i18n/context';
import { Page } from '../../parts/Page';
import { ProgressPanel } from '../../parts/ProgressPanel';
import { Entries } from './Entries';
import { doneOf, paceText, phaseText } from './progress';
import { RunActions } from './RunActions';
import { useRun } from './useRun';
import { countsOf, extentText, problemText, statusText } from './words';

const useStyles = makeStyles({
  panel: { flexShrink: 0 },
  link: { color: tokens.colorBrandForegroundLink },
  title: { margin: 0, fontSize: tokens.fontSizeBase500, fontWeight: tokens.fontWeightSemibold },
});

/** One run: where it stands, what it did or is going to do, and what can be decided about it. */
export function RunPage(): ReactNode {
  const styles = useStyles();
  const { t, locale } = useWords();
  const { tenant, run: id } = useParams({ from: '/signed/t/$tenant/runs/$run' });
  const { run, progress } = useRun(tenant, id);
  const { data: sources } = useQuery(sourcesToChooseQuery(tenant));
  const source = sources?.find((one) => one.id === run.source);
  const name = source?.name ?? (sources ? t('runs.gone') : '…');
  return (
    <Page
      title={t('run.title', { source: name })}
      trail={[{ label: t('runs.title'), link: { to: '/t/$tenant/runs', params: { tenant } } }]}
      actions={<RunActions tenant={tenant} run={run} />}
    >
      <div className={styles.panel}>
        <ProgressPanel
          title={`${t(`run.${run.state}`)} · ${t('runs.at', { at: run.started_at })} · ${t(`runs.${run.trigger}`)}`}
          status={progress ? phaseText(t, progress) : statusText(t, run)}
          {...doneOf(progress)}
          isRunning={run.state === 'running'}
          counts={countsOf(t, locale, run)}
        >
          {progress && <span>{paceText(t, progress)}</span>}
          {extentText(t, run) && <span>{extentText(t, run)}</span>}
          {run.contacts && <span>{t('run.about', { count: run.contacts.length })}</span>}
          {run.undoes && (
            <span>
              {t('run.undoes')}{' '}
              <Link
                to="/t/$tenant/runs/$run"
                params={{ tenant, run: run.undoes }}
                className={styles.link}
              >
                {t('run.undoes.show')}
              </Link>
            </span>
          )}
          {run.problem && <Problem run={run} />}
        </ProgressPanel>
      </div>
      <h2 className={styles.title}>{t('entries.title')}</h2>
      <Entries tenant={tenant} run={run} />
    </Page>
  );
}

function Problem({ run }: { run: Run }): ReactNode {
  const { t } = useWords();
  const intent = run.state === 'failed' ? 'error' : 'warning';
  return (
    <MessageBar intent={intent} layout="multiline">
      <MessageBarBody style={{ whiteSpace: 'normal', overflowWrap: 'anywhere' }}>
        {run.problem && problemText(t, run.problem)}
      </MessageBarBody>
    </MessageBar>
  );
}
