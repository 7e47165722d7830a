import { makeStyles, tokens } from '@fluentui/react-components';
import { type ReactNode, useId } from 'react';
import { LINE_BELOW } from '../../parts/lines';
import { Panel } from '../../parts/Panel';

const useStyles = makeStyles({
  part: { display: 'grid', rowGap: tokens.spacingVerticalS, alignContent: 'start' },
  title: { margin: 0, fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold },
  help: { color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere' },
  rows: { display: 'grid', margin: 0, padding: 0, listStyleType: 'none' },
  row: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalM,
    rowGap: tokens.spacingVerticalXS,
    paddingBlock: tokens.spacingVerticalS,
    minInlineSize: 0,
    '&:not(:last-child)': LINE_BELOW,
  },
});

/** A part of the page, with its heading and what is to be said about all of it. */
export function Part(props: { title: string; help?: ReactNode; children?: ReactNode }): ReactNode {
  const styles = useStyles();
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <Panel className={styles.part}>
        <h2 id={id} className={styles.title}>
          {props.title}
        </h2>
        {props.help && <span className={styles.help}>{props.help}</span>}
        {props.children}
      </Panel>
    </section>
  );
}

/** Rows of which each holds what there is room for. */
export function Rows<Item>(props: {
  items: readonly Item[];
  id: (item: Item) => string;
  row: (item: Item) => ReactNode;
}): ReactNode {
  const styles = useStyles();
  return (
    <ul className={styles.rows}>
      {props.items.map((item) => (
        <li key={props.id(item)} className={styles.row}>
          {props.row(item)}
        </li>
      ))}
    </ul>
  );
}
