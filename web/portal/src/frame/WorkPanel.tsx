import { Button, makeStyles, ProgressBar, tokens } from '@fluentui/react-components';
import { ArrowUndoRegular } from '@fluentui/react-icons/svg/arrow-undo';
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss';
import type { ReactNode } from 'react';
import { dismiss, stop, useWorks, type Work } from '../app/work';
import { useT } from '../i18n/context';
import { errorText } from '../parts/ErrorBanner';

const useStyles = makeStyles({
  works: {
    position: 'fixed',
    // Above what floats over the end of a list.
    insetBlockEnd: '6rem',
    insetInlineEnd: tokens.spacingHorizontalL,
    zIndex: 5,
    display: 'flex',
    flexDirection: 'column',
    rowGap: tokens.spacingVerticalS,
    inlineSize: `min(24rem, calc(100vi - 2 * ${tokens.spacingHorizontalL}))`,
  },
  work: {
    display: 'flex',
    flexDirection: 'column',
    rowGap: tokens.spacingVerticalS,
    padding: tokens.spacingHorizontalM,
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    borderRadius: tokens.borderRadiusLarge,
    boxShadow: tokens.shadow16,
  },
  head: { display: 'flex', alignItems: 'start', columnGap: tokens.spacingHorizontalS },
  title: {
    flexGrow: 1,
    minInlineSize: 0,
    margin: 0,
    overflowWrap: 'anywhere',
    fontSize: tokens.fontSizeBase300,
    fontWeight: tokens.fontWeightSemibold,
  },
  failures: {
    margin: 0,
    paddingInlineStart: '1.25rem',
    maxBlockSize: '12rem',
    overflowY: 'auto',
    overflowWrap: 'anywhere',
  },
  actions: { display: 'flex', columnGap: tokens.spacingHorizontalS },
});

/** What is being done to many things: how far it is, what failed and why, and the way back. */
export function WorkPanel(): ReactNode {
  const styles = useStyles();
  const t = useT();
  return (
    <aside aria-label={t('work.title')} className={styles.works}>
      {useWorks().map((work) => (
        <One key={work.id} work={work} />
      ))}
    </aside>
  );
}

function One({ work }: { work: Work }): ReactNode {
  const { id, title, total, done, failed, failures, isRunning, isStopped, undo } = work;
  const styles = useStyles();
  const t = useT();
  const unnamed = failed - failures.length;
  const succeeded = done - failed;
  const status = isRunning
    ? t('work.running', { done, total })
    : [
        t(isStopped ? 'work.stopped' : 'work.done', { done: succeeded, total }),
        failed > 0 && t('work.failed', { count: failed }),
      ]
        .filter(Boolean)
        .join(' ');
  return (
    <section aria-label={title} className={styles.work}>
      <div className={styles.head}>
        <h2 className={styles.title}>{title}</h2>
        {!isRunning && (
          <Button
            size="small"
            appearance="subtle"
            icon={<DismissRegular />}
            aria-label={t('action.close')}
            onClick={() => dismiss(id)}
          />
        )}
      </div>
      {isRunning && <ProgressBar aria-label={title} value={done / total} />}
      <span role="status">{status}</span>
      {failed > 0 && (
        <ul className={styles.failures}>
          {failures.map(({ name, error }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two contacts may have one name, and lines only come
            <li key={at}>
              {name}: {errorText(t, error)}
            </li>
          ))}
        </ul>
      )}
      {unnamed > 0 && <span>{t('work.more', { count: unnamed })}</span>}
      <div className={styles.actions}>
        {isRunning && !isStopped && (
          <Button size="small" onClick={() => stop(id)}>
            {t('work.stop')}
          </Button>
        )}
        {undo && (
          <Button
            size="small"
            icon={<ArrowUndoRegular />}
            onClick={() => {
              dismiss(id);
              undo();
            }}
          >
            {t('work.undo')}
          </Button>
        )}
      </div>
    </section>
  );
}
