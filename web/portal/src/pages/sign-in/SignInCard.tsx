import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useT } from '../../i18n/context';
import icon from '../../icon.svg';
import { Panel } from '../../parts/Panel';

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
  },
});

/** What a page is in that comes before the portal itself. */
export function SignInCard(props: { title: string; children: ReactNode }): ReactNode {
  const styles = useStyles();
  const t = useT();
  return (
    <main className={styles.main}>
      <title>{`${props.title} – ${t('product.name')}`}</title>
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
