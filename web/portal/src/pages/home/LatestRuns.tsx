import { Badge, type BadgeProps, makeStyles, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { homeSourcesQuery, latestRunsQuery, type Run } from '../../data/home';
import { useT } from '../../i18n/context';
import { ErrorBanner } from '../../parts/ErrorBanner';
import { LINE_BELOW } from '../../parts/lines';

const useStyles = makeStyles({
  section: { display: 'grid', rowGap: tokens.spacingVerticalS, maxInlineSize: '60rem' },
  title: { margin: 0, fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold },
  list: { display: 'grid', margin: 0, padding: 0, listStyleType: 'none' },
  run: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalM,
    paddingBlock: tokens.spacingVerticalS,
    ...LINE_BELOW,
  },
  source: { flexGrow: 1, minInlineSize: 0, overflowWrap: 'anywhere' },
  when: { color: tokens.colorNeutralForeground2 },
});

/** How many runs are shown. */
const SHOWN = 5;

const COLORS: Record<Run['state'], NonNullable<BadgeProps['color']>> = {
  running: 'informative',
  awaiting_approval: 'warning',
  succeeded: 'success',
  failed: 'danger',
  cancelled: 'informative',
};

/** The latest synchronisation runs. */
export function LatestRuns({ tenant }: { tenant: string }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const runs = useQuery(latestRunsQuery(tenant));
  const { data: sources = [] } = useQuery(homeSourcesQuery(tenant));
  return (
    <section className={styles.section} aria-labelledby="latest-runs">
      <h2 id="latest-runs" className={styles.title}>
        {t('home.runs')}
      </h2>
      {runs.isError && <ErrorBanner error={runs.error} retry={() => void runs.refetch()} />}
      {runs.data?.length === 0 && <span className={styles.when}>{t('home.runs.none')}</span>}
      <ul className={styles.list}>
        {runs.data?.slice(0, SHOWN).map((run) => (
          <li key={run.id} className={styles.run}>
            <span className={styles.source}>
              {sources.find(({ id }) => id === run.source)?.name ?? run.source}
            </span>
            <span className={styles.when}>{t('home.runs.when', { at: run.started_at })}</span>
            <Badge appearance="tint" color={COLORS[run.state]}>
              {t(`run.${run.state}`)}
            </Badge>
          </li>
        ))}
      </ul>
    </section>
  );
}
