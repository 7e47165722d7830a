import { makeStyles, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { groupQuery } from '../../data/groups';
import type { Entry } from '../../data/publications';
import { useT } from '../../i18n/context';
import { keyOf } from '../publications/entries';
import { useEntryName } from '../publications/useEntryName';

/** How many are named; of the others only how many there are is said. */
const NAMED = 10;

const useStyles = makeStyles({
  title: { margin: 0, fontSize: 'inherit', fontWeight: tokens.fontWeightSemibold },
  list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXL, overflowWrap: 'anywhere' },
});

/** By which entries of a publication `to` differs from `from`. */
export function UndoneEntries(props: {
  tenant: string;
  from: readonly Entry[];
  to: readonly Entry[];
}): ReactNode {
  const { tenant, from, to } = props;
  const t = useT();
  const added = without(to, from);
  const taken = without(from, to);
  const stay = (entries: readonly Entry[], left: readonly Entry[]): string =>
    without(entries, left).map(keyOf).join();
  return (
    <>
      <Named tenant={tenant} title={t('audit.entries.added')} entries={added} />
      <Named tenant={tenant} title={t('audit.entries.taken')} entries={taken} />
      {stay(to, added) !== stay(from, taken) && <span>{t('audit.entries.order')}</span>}
    </>
  );
}

function without(entries: readonly Entry[], others: readonly Entry[]): Entry[] {
  const has = new Set(others.map(keyOf));
  return entries.filter((entry) => !has.has(keyOf(entry)));
}

function Named(props: { tenant: string; title: string; entries: readonly Entry[] }): ReactNode {
  const { tenant, title, entries } = props;
  const styles = useStyles();
  const t = useT();
  if (entries.length === 0) return null;
  const more = entries.length - NAMED;
  return (
    <section aria-label={title}>
      <h3 className={styles.title}>{title}</h3>
      <ul className={styles.list}>
        {entries.slice(0, NAMED).map((entry) => (
          <li key={keyOf(entry)}>
            <EntryName tenant={tenant} entry={entry} />
          </li>
        ))}
        {more > 0 && <li>{t('audit.entries.more', { count: more })}</li>}
      </ul>
    </section>
  );
}

function EntryName({ tenant, entry }: { tenant: string; entry: Entry }): ReactNode {
  const id = 'group' in entry ? entry.group : '';
  const group = useQuery({ ...groupQuery(tenant, id), enabled: id !== '' });
  const { name } = useEntryName(tenant, entry, group.data);
  return group.isLoading ? '…' : name;
}
