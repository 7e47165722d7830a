import { Badge, type BadgeProps, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { JobHealth } from '../../data/system';
import { useT } from '../../i18n/context';
import { Part, Rows } from './Part';
import { everyText, type JobState, stateOf } from './words';

const useStyles = makeStyles({
  job: { flexBasis: '14rem', flexGrow: 1, minInlineSize: 0, overflowWrap: 'anywhere' },
  when: { display: 'block', color: tokens.colorNeutralForeground2 },
  badge: { flexShrink: 0 },
});

const COLOURS: Record<JobState, BadgeProps['color']> = {
  late: 'danger',
  failed: 'danger',
  going_on: 'informative',
  succeeded: 'success',
  waiting: 'informative',
};

/** What the gateway does again and again: how it went, and when it is done next. */
export function Jobs({ jobs }: { jobs: readonly JobHealth[] }): ReactNode {
  const styles = useStyles();
  const t = useT();
  return (
    <Part
      title={t('system.jobs')}
      help={jobs.length > 0 ? t('system.jobs.help') : t('system.jobs.none')}
    >
      <Rows
        items={jobs}
        id={({ job }) => job}
        row={(job) => {
          const state = stateOf(job);
          return (
            <>
              <span className={styles.job}>
                {t(`job.${job.job}`)}
                <When job={job} />
              </span>
              <Badge
                className={styles.badge}
                appearance="tint"
                color={COLOURS[state] ?? 'informative'}
              >
                {t(`job.${state}`)}
              </Badge>
            </>
          );
        }}
      />
    </Part>
  );
}

function When({ job }: { job: JobHealth }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const { ended_at, next_at, every_seconds, outcome, succeeded_at } = job;
  const failed = succeeded_at ? t('job.done', { at: succeeded_at }) : t('job.never_done');
  const parts = [
    everyText(t, every_seconds),
    ...(ended_at ? [t('job.last', { at: ended_at })] : []),
    ...(outcome === 'failed' ? [failed] : []),
    t('job.next', { at: next_at }),
  ];
  return <span className={styles.when}>{parts.join(' · ')}</span>;
}
