import { makeStyles, Spinner, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useT } from '../i18n/words';

const useStyles = makeStyles({
  page: {
    display: 'grid',
    placeItems: 'center',
    minBlockSize: '100dvh',
    padding: tokens.spacingHorizontalL,
    boxSizing: 'border-box',
  },
  parts: { display: 'grid', rowGap: tokens.spacingVerticalM },
  title: {
    margin: 0,
    textAlign: 'center',
    fontSize: tokens.fontSizeBase500,
    fontWeight: tokens.fontWeightSemibold,
  },
  text: { margin: 0, maxInlineSize: '32rem', overflowWrap: 'anywhere' },
});

/** While it is not known yet what there is to show. */
export function Waiting({ isBarred = false }: { isBarred?: boolean }): ReactNode {
  const styles = useStyles();
  const t = useT();
  return (
    <main className={styles.page} aria-busy="true">
      <title>{t('operator.title')}</title>
      <div className={styles.parts}>
        <h1 className={styles.title}>{t('operator.title')}</h1>
        <Spinner label={t('operator.loading')} />
        <p role="status" className={styles.text}>
          {isBarred && t('operator.barred')}
        </p>
      </div>
    </main>
  );
}
