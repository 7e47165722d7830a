import { Badge, Button, Field, makeStyles, Select, tokens } from '@fluentui/react-components';
import { ArrowDownloadRegular } from '@fluentui/react-icons/svg/arrow-download';
import { DocumentBulletListRegular } from '@fluentui/react-icons/svg/document-bullet-list';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useMemo, useState } from 'react';
import {
  entriesSource,
  RUN_ACTIONS,
  type Run,
  type RunEntry,
  reportAddress,
} from '../../data/runs';
import type { Translate } from '../../i18n/catalogue';
import { useT } from '../../i18n/context';
import { List, type ListSpec } from '../../parts/list';
import { ruleText } from '../../parts/reasons';
import { EntryDialog } from './EntryDialog';
import { ACTION_COLORS, countedAction, FIELD_LABELS } from './words';

const useStyles = makeStyles({
  bar: {
    display: 'flex',
    flexWrap: 'wrap',
    flexShrink: 0,
    justifyContent: 'space-between',
    gap: tokens.spacingHorizontalM,
  },
  filter: { maxInlineSize: '20rem' },
  reports: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
});

/** What a run does, or did, with each entry. */
export function Entries({ tenant, run }: { tenant: string; run: Run }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const navigate = useNavigate();
  const action = useSearch({ from: '/signed/t/$tenant/runs/$run', select: (it) => it.action });
  const [opened, setOpened] = useState<RunEntry | null>(null);
  const { id, state } = run;
  // biome-ignore lint/correctness/useExhaustiveDependencies: counts change, the record is the same
  const source = useMemo(() => entriesSource(tenant, run, action), [tenant, id, state, action]);
  const spec: ListSpec<RunEntry> = {
    label: t('entries.title'),
    source,
    id: ({ number }) => String(number),
    name: ({ locator }) => locator,
    columns: [
      { id: 'entry', header: 'entries.entry', width: '2fr', cell: ({ locator }) => locator },
      {
        id: 'action',
        header: 'entries.action',
        width: '9rem',
        cell: (entry) => (
          <Badge appearance="tint" color={ACTION_COLORS[entry.action]}>
            {t(`entries.${entry.action}`)}
          </Badge>
        ),
      },
      {
        id: 'summary',
        header: 'entries.summary',
        width: '2fr',
        isWide: true,
        cell: (entry) => summary(t, entry),
      },
    ],
    actions: (entry) => [
      { id: 'details', label: t('entries.details'), act: () => setOpened(entry) },
    ],
    empty: {
      icon: <DocumentBulletListRegular />,
      title: t('entries.empty.title'),
      text: t(action ? 'entries.none.text' : 'entries.empty.text'),
    },
  };
  return (
    <>
      <div className={styles.bar}>
        <Field label={t('entries.filter')} orientation="horizontal" className={styles.filter}>
          <Select
            value={action ?? ''}
            onChange={(_, { value }) => {
              const next = RUN_ACTIONS.find((one) => one === value);
              void navigate({ to: '.', search: next ? { action: next } : {}, replace: true });
            }}
          >
            <option value="">{t('entries.all')}</option>
            {RUN_ACTIONS.map((one) => (
              <option key={one} value={one}>
                {countedAction(t, run, one)}
              </option>
            ))}
          </Select>
        </Field>
        <div className={styles.reports}>
          {(['csv', 'json'] as const).map((format) => (
            <Button
              key={format}
              as="a"
              icon={<ArrowDownloadRegular />}
              href={reportAddress(tenant, id, format)}
              download=""
            >
              {t(`run.report.${format}`)}
            </Button>
          ))}
        </div>
      </div>
      {/* Another choice begins at its first row. */}
      <List key={action ?? ''} spec={spec} isSearchable={false} />
      {opened && <EntryDialog tenant={tenant} entry={opened} close={() => setOpened(null)} />}
    </>
  );
}

/** What changes, or why nothing does, in one line. */
function summary(t: Translate, { action, changes, reason }: RunEntry): string {
  if (reason) {
    const { field, value, rule } = reason;
    return t('entries.reason', { field, value, rule: ruleText(t, rule) });
  }
  if (action === 'create') return t('entries.new');
  if (action === 'not_found') return t('entries.missing');
  return changes.map(({ field }) => t(FIELD_LABELS[field])).join(', ');
}
