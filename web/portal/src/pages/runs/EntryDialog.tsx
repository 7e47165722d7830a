import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RunEntry } from '../../data/runs';
import { useT } from '../../i18n/context';
import { Changes } from '../../parts/Changes';
import { DialogFrame } from '../../parts/DialogFrame';
import { LINK } from '../../parts/lines';
import { ruleText } from '../../parts/reasons';
import { FIELD_LABELS } from './words';

const useStyles = makeStyles({
  title: { margin: 0, fontSize: tokens.fontSizeBase300, fontWeight: tokens.fontWeightSemibold },
  list: { margin: 0, display: 'grid', rowGap: tokens.spacingVerticalS },
  term: { color: tokens.colorNeutralForeground2 },
  value: { margin: 0 },
  link: LINK,
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
  const changes = entry.changes.map(({ field, old, new: next }) => ({
    label: t(FIELD_LABELS[field]),
    before: old ?? null,
    after: next ?? null,
  }));
  return (
    <DialogFrame
      title={t(`entries.${entry.action}`)}
      close={close}
      actions={<Button onClick={close}>{t('action.close')}</Button>}
    >
      <span>{entry.locator}</span>
      {entry.action === 'create' && <span>{t('entries.new')}</span>}
      {entry.action === 'not_found' && <span>{t('entries.missing')}</span>}
      {changes.length > 0 && <Changes changes={changes} />}
      {entry.reason && <Reason reason={entry.reason} />}
      {entry.contact && (
        <Link
          to="/t/$tenant/contacts/$contact"
          params={{ tenant, contact: entry.contact }}
          onClick={close}
          className={styles.link}
        >
          {t('entries.contact')}
        </Link>
      )}
    </DialogFrame>
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
