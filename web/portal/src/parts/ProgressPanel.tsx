import { makeStyles, ProgressBar, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { Panel } from './Panel';

const useStyles = makeStyles({
  card: { rowGap: tokens.spacingVerticalM },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    justifyContent: 'space-between',
    gap: tokens.spacingHorizontalM,
    alignItems: 'center',
  },
  title: { margin: 0, fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold },
  counts: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalXXL, margin: 0 },
  count: { display: 'flex', flexDirection: 'column-reverse' },
  number: {
    margin: 0,
    fontSize: tokens.fontSizeBase500,
    fontWeight: tokens.fontWeightSemibold,
    fontVariantNumeric: 'tabular-nums',
  },
  label: { color: tokens.colorNeutralForeground2 },
});

/** One number of something that goes on. */
export interface Count {
  label: string;
  value: string;
}

/** Something that takes a while: how far it is, its numbers, and how to stop it. */
export function ProgressPanel(props: {
  title: string;
  /** What it is doing, read out when it changes. */
  status: string;
  /** From 0 to 1; absent while nobody knows the end. */
  done?: number;
  isRunning: boolean;
  counts: readonly Count[];
  actions?: ReactNode;
  children?: ReactNode;
}): ReactNode {
  const { title, status, done, isRunning, counts, actions, children } = props;
  const styles = useStyles();
  return (
    <Panel className={styles.card}>
      <div className={styles.head}>
        <h2 className={styles.title}>{title}</h2>
        {actions}
      </div>
      <div role="status">{status}</div>
      {isRunning && (
        <ProgressBar aria-label={title} {...(done === undefined ? {} : { value: done })} />
      )}
      {counts.length > 0 && (
        <dl className={styles.counts}>
          {counts.map(({ label, value }) => (
            <div key={label} className={styles.count}>
              <dt className={styles.label}>{label}</dt>
              <dd className={styles.number}>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {children}
    </Panel>
  );
}
