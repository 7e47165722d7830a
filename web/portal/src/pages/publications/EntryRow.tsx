import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { ArrowDownRegular } from '@fluentui/react-icons/svg/arrow-down';
import { ArrowUpRegular } from '@fluentui/react-icons/svg/arrow-up';
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss';
import { PeopleTeamRegular } from '@fluentui/react-icons/svg/people-team';
import type { KeyboardEvent, ReactNode } from 'react';
import type { Group } from '../../data/groups';
import type { Entry } from '../../data/publications';
import { useT } from '../../i18n/context';
import { Initials } from '../../parts/Initials';
import { LINE_BELOW } from '../../parts/lines';
import { PresenceCell } from '../contacts/PresenceCell';
import { useEntryName } from './useEntryName';

const useStyles = makeStyles({
  row: {
    display: 'flex',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalS,
    blockSize: '100%',
    boxSizing: 'border-box',
    paddingInline: tokens.spacingHorizontalS,
    ...LINE_BELOW,
  },
  place: {
    minInlineSize: '2ch',
    textAlign: 'end',
    color: tokens.colorNeutralForeground2,
    fontVariantNumeric: 'tabular-nums',
    flexShrink: 0,
  },
  text: { flexGrow: 1, minInlineSize: 0 },
  line: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  hint: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  deeds: { display: 'flex', flexShrink: 0 },
});

/** What the buttons of a row do. */
export type RowDeed = 'up' | 'down' | 'remove';

/** One entry of a publication, and what can be done with it. */
export function EntryRow(props: {
  tenant: string;
  entry: Entry;
  group: Group | undefined;
  place: number;
  isFirst: boolean;
  isLast: boolean;
  /** Tab comes to this row. */
  isActive: boolean;
  isDisabled: boolean;
  act: (deed: RowDeed, name: string) => void;
  onKeyDown: (event: KeyboardEvent, name: string) => void;
  onFocus: () => void;
}): ReactNode {
  const { tenant, entry, group, place, isFirst, isLast, isActive, isDisabled, act } = props;
  const styles = useStyles();
  const t = useT();
  const { name, isGone } = useEntryName(tenant, entry, group);
  const icons = { up: ArrowUpRegular, down: ArrowDownRegular, remove: DismissRegular };
  const deed = (word: RowDeed, isOff: boolean): ReactNode => {
    const Icon = icons[word];
    return (
      <Button
        key={word}
        appearance="subtle"
        icon={<Icon />}
        data-deed={word}
        tabIndex={isActive ? 0 : -1}
        disabled={isDisabled}
        disabledFocusable={isOff}
        aria-label={t(`cards.${word}`, { name })}
        onClick={() => act(word, name)}
        onFocus={props.onFocus}
      />
    );
  };
  return (
    // Before the buttons, which keep their keys to themselves when there is nothing to do for them.
    <div className={styles.row} onKeyDownCapture={(event) => props.onKeyDown(event, name)}>
      <span className={styles.place} aria-hidden="true">
        {place}
      </span>
      <Initials name={name} icon={group && <PeopleTeamRegular />} />
      <div className={styles.text}>
        <div className={styles.line} title={name}>
          {name}
        </div>
        <div className={`${styles.line} ${styles.hint}`}>
          {isGone && t('cards.gone')}
          {group && t('cards.group', { count: group.member_count })}
          {'contact' in entry && !isGone && (
            <PresenceCell tenant={tenant} contact={entry.contact} />
          )}
        </div>
      </div>
      <div className={styles.deeds}>
        {deed('up', isFirst)}
        {deed('down', isLast)}
        {deed('remove', false)}
      </div>
    </div>
  );
}
