import { makeStyles, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { groupsToChooseQuery } from '../../data/choices';
import type { Group } from '../../data/groups';
import { type Entry, entriesQuery } from '../../data/publications';
import { useT } from '../../i18n/context';
import { PresenceCell } from '../contacts/PresenceCell';
import { keyOf } from './entries';
import { useEntryName } from './useEntryName';

/** How many cards are shown; the rest is counted. */
const SHOWN = 24;

const useStyles = makeStyles({
  cards: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 14rem), 1fr))',
    gap: tokens.spacingHorizontalM,
    margin: 0,
    padding: 0,
    listStyleType: 'none',
  },
  card: {
    padding: tokens.spacingHorizontalM,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
    overflowWrap: 'anywhere',
    minInlineSize: 0,
  },
  name: { fontWeight: tokens.fontWeightSemibold },
  hint: { color: tokens.colorNeutralForeground2 },
  rest: { margin: 0, color: tokens.colorNeutralForeground2 },
});

/** The cards of a publication as the portal knows them, with their presence now. */
export function PlainCards(props: { tenant: string; publication: string }): ReactNode {
  const { tenant, publication } = props;
  const styles = useStyles();
  const t = useT();
  const { data } = useQuery(entriesQuery(tenant, publication));
  const groups = useQuery(groupsToChooseQuery(tenant));
  const entries = data?.entries ?? [];
  const rest = entries.length - SHOWN;
  return (
    <>
      <ul className={styles.cards} aria-label={t('cards.title')}>
        {entries.slice(0, SHOWN).map((entry) => (
          <PlainCard
            key={keyOf(entry)}
            tenant={tenant}
            entry={entry}
            group={'group' in entry ? groups.data?.find(({ id }) => id === entry.group) : undefined}
          />
        ))}
      </ul>
      {rest > 0 && <p className={styles.rest}>{t('preview.rest', { count: rest })}</p>}
    </>
  );
}

function PlainCard(props: { tenant: string; entry: Entry; group: Group | undefined }): ReactNode {
  const { tenant, entry, group } = props;
  const styles = useStyles();
  const t = useT();
  const { name, isGone } = useEntryName(tenant, entry, group);
  return (
    <li className={styles.card}>
      <div className={styles.name}>{name}</div>
      <div className={styles.hint}>
        {group && t('cards.group', { count: group.member_count })}
        {'contact' in entry && !isGone && <PresenceCell tenant={tenant} contact={entry.contact} />}
      </div>
    </li>
  );
}
