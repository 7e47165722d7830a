import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { type ReactNode, useState } from 'react';
import { contactsSource } from '../../data/contacts';
import type { Group } from '../../data/groups';
import { type Entry, MAX_CARDS } from '../../data/publications';
import { treeOf } from '../../data/tree';
import { useT } from '../../i18n/context';
import type { CustomProps } from '../../parts/form';
import { type Picks, SearchPicker } from '../../parts/SearchPicker';
import { EntryList } from './EntryList';
import { cardsOf, entryOf, keyOf, moved } from './entries';

/** How many of each kind are offered at once; writing narrows them down. */
const OFFERED = 15;

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    rowGap: tokens.spacingVerticalM,
    margin: 0,
    padding: 0,
    border: 'none',
    minInlineSize: 0,
    maxInlineSize: '56rem',
  },
  bar: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    '& > :first-child': { flexGrow: 1 },
  },
  count: { color: tokens.colorNeutralForeground2, fontVariantNumeric: 'tabular-nums' },
  over: { color: tokens.colorPaletteRedForeground1, fontWeight: tokens.fontWeightSemibold },
  none: { margin: 0, paddingBlock: tokens.spacingVerticalL, color: tokens.colorNeutralForeground2 },
  said: { position: 'absolute', clipPath: 'inset(50%)', inlineSize: '1px', overflow: 'hidden' },
});

/** The entries of a publication: added by a search, put in order, taken out. */
export function EntriesField(
  props: CustomProps & {
    tenant: string;
    groups: ReadonlyMap<string, Group>;
    mayChange: boolean;
  },
): ReactNode {
  const { tenant, groups, mayChange, value, set, touch, isDisabled, ...field } = props;
  const styles = useStyles();
  const t = useT();
  const [said, setSaid] = useState('');
  const entries = value as Entry[];
  const count = cardsOf(entries, groups);
  const change = (next: Entry[], text: string): void => {
    set(next);
    touch();
    setSaid(text);
  };
  return (
    <fieldset {...field} className={styles.root}>
      <div className={styles.bar}>
        {mayChange && (
          <SearchPicker
            label={t('cards.add')}
            placeholder={t('cards.add')}
            searchKey={['contacts', tenant, 'cards', entries.map(keyOf).join()]}
            search={(words, signal) => find({ tenant, groups, entries, words, signal, t })}
            isDisabled={isDisabled}
            pick={(key, name) => change([...entries, entryOf(key)], t('cards.added', { name }))}
          />
        )}
        <span className={mergeClasses(styles.count, count > MAX_CARDS && styles.over)}>
          {t('cards.count', { count, max: MAX_CARDS })}
        </span>
      </div>
      {entries.length === 0 ? (
        <p className={styles.none}>{t('cards.none')}</p>
      ) : (
        <EntryList
          tenant={tenant}
          entries={entries}
          groups={groups}
          isDisabled={isDisabled || !mayChange}
          move={(from, to, name) =>
            change(
              moved(entries, from, to),
              t('cards.moved', { name, place: to + 1, count: entries.length }),
            )
          }
          remove={(at, name) =>
            change(
              entries.filter((_, index) => index !== at),
              t('cards.removed', { name }),
            )
          }
        />
      )}
      <span role="status" className={styles.said}>
        {said}
      </span>
    </fieldset>
  );
}

/** What can still be added: groups by their name, and contacts. */
async function find(asked: {
  tenant: string;
  groups: ReadonlyMap<string, Group>;
  entries: readonly Entry[];
  words: string;
  signal: AbortSignal;
  t: ReturnType<typeof useT>;
}): Promise<Picks[]> {
  const { tenant, groups, entries, words, signal, t } = asked;
  const has = new Set(entries.map(keyOf));
  const page = await contactsSource(tenant).read({ after: undefined, q: words, signal });
  const contacts = page.items.slice(0, OFFERED).map(({ id, shown_name, mail }) => {
    const isIn = has.has(`contact:${id}`);
    const hint = isIn ? t('cards.is_in') : mail;
    return { id: `contact:${id}`, name: shown_name, isDisabled: isIn, ...(hint && { hint }) };
  });
  const found = treeOf([...groups.values()])
    .find(words)
    .slice(0, OFFERED);
  const teams = found.map(({ id, name = '', member_count }) => {
    const isIn = has.has(`group:${id}`);
    const hint = isIn ? t('cards.is_in') : t('groups.members', { count: member_count });
    return { id: `group:${id}`, name, isDisabled: isIn, hint };
  });
  return [
    { label: t('contacts.title'), picks: contacts },
    { label: t('groups.title'), picks: teams },
  ];
}
