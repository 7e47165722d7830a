import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RunEntry } from '../../data/runs';
import { useT } from '../../i18n/context';
import { ruleText } from '../../parts/form/rules';
import { LINE_BELOW } from '../../parts/lines';
import { FIELD_LABELS } from './words';

const useStyles = makeStyles({
  content: {
    display: 'flex',
    flexDirection: 'column',
    rowGap: tokens.spacingVerticalL,
    overflowWrap: 'anywhere',
  },
  table: {
    inlineSize: '100%',
    borderCollapse: 'collapse',
    tableLayout: 'fixed',
    '& th': { textAlign: 'start', fontWeight: tokens.fontWeightSemibold },
    '& th, & td': {
      padding: tokens.spacingVerticalS,
      paddingInlineStart: 0,
      verticalAlign: 'top',
      ...LINE_BELOW,
    },
  },
  title: { margin: 0, fontSize: tokens.fontSizeBase300, fontWeight: tokens.fontWeightSemibold },
  list: { margin: 0, display: 'grid', rowGap: tokens.spacingVerticalS },
  term: { color: tokens.colorNeutralForeground2 },
  value: { margin: 0 },
});

/** One entry of a run: each field before and after, or why it was set aside. */
export function EntryDialog(props: {
  tenant: string;
  entry: RunEntry;
  close: () => void;
}): ReactNode {
  const { tenant, entry, close } = props;
  const styles = useStyles();
  const t = useT();
  return (
    <Dialog open onOpenChange={(_, { open }) => open || close()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t(`entries.${entry.action}`)}</DialogTitle>
          <DialogContent className={styles.content}>
            <span>{entry.locator}</span>
            {entry.action === 'create' && <span>{t('entries.new')}</span>}
            {entry.changes.length > 0 && <Changes changes={entry.changes} />}
            {entry.reason && <Reason reason={entry.reason} />}
            {entry.contact && (
              <Link
                to="/t/$tenant/contacts/$contact"
                params={{ tenant, contact: entry.contact }}
                onClick={close}
              >
                {t('entries.contact')}
              </Link>
            )}
          </DialogContent>
          <DialogActions>
            <Button onClick={close}>{t('action.close')}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

function Changes({ changes }: { changes: RunEntry['changes'] }): ReactNode {
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
        {changes.map(({ field, old, new: next }) => (
          <tr key={field}>
            <th scope="row">{t(FIELD_LABELS[field])}</th>
            <td>{old ?? t('value.none')}</td>
            <td>{next ?? t('value.none')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Reason({ reason }: { reason: NonNullable<RunEntry['reason']> }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const rows = [
    [t('entries.attribute'), reason.field],
    [t('entries.value'), reason.value || t('value.none')],
    [t('entries.rule'), ruleText(t, reason.rule)],
  ] as const;
  return (
    <section>
      <h3 className={styles.title}>{t('entries.reason.title')}</h3>
      <dl className={styles.list}>
        {rows.map(([term, value]) => (
          <div key={term}>
            <dt className={styles.term}>{term}</dt>
            <dd className={styles.value}>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
