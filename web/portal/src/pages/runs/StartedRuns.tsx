import { makeStyles, Spinner, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMay } from '../../app/session';
import { isOpen, runQuery, type StartedRuns as Started } from '../../data/runs';
import { sourcesToChooseQuery } from '../../data/sources';
import { useT } from '../../i18n/context';
import { ErrorBanner } from '../../parts/ErrorBanner';
import { useChangedBy } from './useChangedBy';
import { problemText, statusText } from './words';

const useStyles = makeStyles({
  list: {
    display: 'flex',
    flexDirection: 'column',
    rowGap: tokens.spacingVerticalM,
    margin: 0,
    padding: 0,
    listStyleType: 'none',
  },
  line: { display: 'flex', flexDirection: 'column', overflowWrap: 'anywhere' },
  link: { color: tokens.colorBrandForegroundLink, alignSelf: 'flex-start' },
  name: { fontWeight: tokens.fontWeightSemibold },
});

/** What was started together, how far each of it is, and what was left out and why. */
export function StartedRuns({ tenant, started }: { tenant: string; started: Started }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const may = useMay(tenant)('read_sources');
  const { data: sources } = useQuery({ ...sourcesToChooseQuery(tenant), enabled: may });
  const name = (id: string): string =>
    sources?.find((one) => one.id === id)?.name ?? t('contact.sync.directory');
  return (
    <ul className={styles.list}>
      {started.runs.map(({ source, run }) => (
        <li key={`${source} ${run}`} className={styles.line}>
          <span className={styles.name}>{name(source)}</span>
          {run ? <Line tenant={tenant} id={run} /> : <span>{t('synchronize.waits')}</span>}
        </li>
      ))}
      {started.left_out.map(({ source, because, run }) => (
        <li key={source} className={styles.line}>
          <span className={styles.name}>{name(source)}</span>
          <span>{t(`synchronize.left_out.${because}`)}</span>
          {run && <Shown tenant={tenant} id={run} />}
        </li>
      ))}
    </ul>
  );
}

/** One run, looked at until it has ended: many streams at once would leave a page none for anything else. */
function Line({ tenant, id }: { tenant: string; id: string }): ReactNode {
  const t = useT();
  const { data: run, error } = useQuery(runQuery(tenant, id));
  useChangedBy(tenant, run === undefined || isOpen(run));
  if (error) return <ErrorBanner error={error} />;
  if (!run) return <Spinner size="tiny" label={t('frame.loading')} labelPosition="after" />;
  return (
    <>
      <span role="status">{run.problem ? problemText(t, run.problem) : statusText(t, run)}</span>
      <Shown tenant={tenant} id={id} />
    </>
  );
}

/** Leads to a run, for those to whom its page belongs. */
function Shown({ tenant, id }: { tenant: string; id: string }): ReactNode {
  const styles = useStyles();
  const t = useT();
  if (!useMay(tenant)('read_sources')) return null;
  return (
    <Link to="/t/$tenant/runs/$run" params={{ tenant, run: id }} className={styles.link}>
      {t('synchronize.details')}
    </Link>
  );
}
