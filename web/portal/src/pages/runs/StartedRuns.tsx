import { makeStyles, Spinner, tokens } from '@fluentui/react-components';
import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMay } from '../../app/session';
import { isOpen, type Run, runQuery, type StartedRuns as Started } from '../../data/runs';
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
  const ids = started.runs.flatMap(({ run }) => run ?? []);
  // Looked at until they have ended: many streams at once would leave a page none for anything else.
  const looked = useQueries({ queries: ids.map((run) => runQuery(tenant, run)) });
  const found = new Map(ids.map((run, at) => [run, looked[at]]));
  // What they change is read again once, when the last of them has ended.
  const isGoingOn = looked.some(({ data }) => data === undefined || isOpen(data));
  useChangedBy(tenant, isGoingOn);
  return (
    <ul className={styles.list}>
      {started.runs.map(({ source, run }) => (
        <li key={`${source} ${run}`} className={styles.line}>
          <span className={styles.name}>{name(source)}</span>
          {run ? (
            <Line
              tenant={tenant}
              id={run}
              run={found.get(run)?.data}
              error={found.get(run)?.error}
            />
          ) : (
            <span>{t('synchronize.waits')}</span>
          )}
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

/** How far one run is. */
function Line(props: {
  tenant: string;
  id: string;
  run: Run | undefined;
  error: unknown;
}): ReactNode {
  const { tenant, id, run, error } = props;
  const t = useT();
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
