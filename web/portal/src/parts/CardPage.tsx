import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import icon from '../icon.svg';
import { Panel } from './Panel';

const useStyles = makeStyles({
  main: {
    display: 'grid',
    placeItems: 'center',
    minBlockSize: '100dvh',
    boxSizing: 'border-box',
    padding: tokens.spacingHorizontalL,
    backgroundColor: tokens.colorNeutralBackground3,
  },
  card: {
    inlineSize: '100%',
    maxInlineSize: '24rem',
    boxSizing: 'border-box',
    padding: tokens.spacingHorizontalXXL,
    rowGap: tokens.spacingVerticalL,
  },
  title: {
    display: 'flex',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalM,
    margin: 0,
    fontSize: tokens.fontSizeBase500,
    lineHeight: tokens.lineHeightBase500,
    overflowWrap: 'anywhere',
  },
});

/** What stands alone in the middle of a page that comes before others; `of` is what the page belongs to. */
export function CardPage(props: { title: string; of: string; children: ReactNode }): ReactNode {
  const styles = useStyles();
  return (
    <main className={styles.main}>
      <title>{`${props.title} – ${props.of}`}</title>
      <Panel className={styles.card}>
        <h1 className={styles.title}>
          <img src={icon} alt="" width={32} height={32} />
          {props.title}
        </h1>
        {props.children}
      </Panel>
    </main>
  );
}
