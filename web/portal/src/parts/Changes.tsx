import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useT } from '../i18n/context';
import { LINE_BELOW } from './lines';

const useStyles = makeStyles({
  table: {
    inlineSize: '100%',
    borderCollapse: 'collapse',
    tableLayout: 'fixed',
    overflowWrap: 'anywhere',
    '& th': { textAlign: 'start', fontWeight: tokens.fontWeightSemibold },
    '& th, & td': {
      padding: tokens.spacingVerticalS,
      paddingInlineStart: 0,
      verticalAlign: 'top',
      ...LINE_BELOW,
    },
  },
});

interface Changed {
  /** What tells it from the others, where the label may not. */
  id?: string;
  label: string;
  before: string | null;
  after: string | null;
}

/** Values before and after. */
export function Changes(props: { changes: readonly Changed[] }): ReactNode {
  const styles = useStyles();
  const t = useT();
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t('entries.field')}</th>
          <th scope="col">{t('entries.before')}</th>
          <th scope="col">{t('entries.after')}</th>
        </tr>
      </thead>
      <tbody>
        {props.changes.map(({ label, id = label, before, after }) => (
          <tr key={id}>
            <th scope="row">{label}</th>
            <td>{before ?? t('value.none')}</td>
            <td>{after ?? t('value.none')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
