import { Button, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { CallRegular } from '@fluentui/react-icons/svg/call';
import { MailRegular } from '@fluentui/react-icons/svg/mail';
import { StarFilled, StarRegular } from '@fluentui/react-icons/svg/star';
import { useWords } from '@switchboard/portal/i18n/context';
import { memo, type ReactNode, useId, useState } from 'react';
import { usePerson, usePresence } from '../app/roomContext';
import { useT } from '../i18n/words';
import { isToday } from '../own/until';
import { Portrait } from '../parts/Portrait';
import { useShade } from '../parts/StateIcon';
import { useStateText } from './names';
import { type Person, telOf } from './shown';
import { moveFocus } from './useKeys';

const useStyles = makeStyles({
  row: {
    borderRadius: tokens.borderRadiusMedium,
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover },
  },
  main: { display: 'flex', alignItems: 'center', columnGap: tokens.spacingHorizontalXS },
  person: {
    display: 'flex',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalM,
    flexGrow: 1,
    minInlineSize: 0,
    minBlockSize: '56px',
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalS}`,
    border: 'none',
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: 'transparent',
    color: tokens.colorNeutralForeground1,
    font: 'inherit',
    textAlign: 'start',
    cursor: 'pointer',
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' },
  },
  texts: { display: 'grid', minInlineSize: 0, flexGrow: 1 },
  cut: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  name: { fontWeight: tokens.fontWeightSemibold },
  more: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  buttons: { display: 'flex', flexShrink: 0 },
  details: {
    display: 'grid',
    rowGap: tokens.spacingVerticalXS,
    paddingInlineStart: '60px',
    paddingInlineEnd: tokens.spacingHorizontalS,
    paddingBlockEnd: tokens.spacingVerticalS,
    overflowWrap: 'anywhere',
    '& a': { color: tokens.colorBrandForegroundLink },
  },
});

/** A colleague, with what is known of them now; pressing shows everything. */
export const PersonRow = memo(function PersonRow(props: {
  id: string;
  isKept: boolean;
  toggle: (id: string) => void;
  /** Where it is; somebody may be in several groups. */
  place: string;
  /** The tabulator key stops at it. */
  isActive: boolean;
  activate: (place: string) => void;
}): ReactNode {
  const { id, isKept, toggle, place, isActive, activate } = props;
  const styles = useStyles();
  const t = useT();
  const person = usePerson(id);
  const stateText = useStateText();
  const shade = useShade();
  const [isOpen, setOpen] = useState(false);
  const details = useId();
  const { name, isSeen } = person;
  const isHidden = usePresence(id) !== null && !isSeen;
  const state = isHidden ? t('people.hidden') : stateText(person);
  const tabIndex = isActive ? 0 : -1;
  const star = t(isKept ? 'people.drop' : 'people.keep', { name: name || state });
  return (
    <li className={styles.row} data-state={person.state}>
      <div className={styles.main}>
        <button
          type="button"
          data-person={id}
          tabIndex={tabIndex}
          onFocus={() => activate(place)}
          onKeyDown={(event) => {
            const part = event.currentTarget.closest<HTMLElement>('[data-people]');
            if (moveFocus(part, event.key)) event.preventDefault();
          }}
          className={styles.person}
          aria-expanded={isOpen}
          aria-controls={details}
          onClick={() => setOpen((before) => !before)}
        >
          <Portrait person={person} />
          <span className={styles.texts}>
            <span className={mergeClasses(styles.cut, styles.name)} title={name}>
              {name || '–'}
            </span>
            <span className={styles.cut}>
              <span style={{ color: shade(person.state) }}>{state}</span>
              <Since person={person} />
            </span>
            {person.note && (
              <span className={mergeClasses(styles.cut, styles.more)} title={person.note}>
                {person.note}
              </span>
            )}
          </span>
        </button>
        <span className={styles.buttons}>
          <Ways person={person} tabIndex={tabIndex} />
          <Button
            appearance="subtle"
            icon={isKept ? <StarFilled /> : <StarRegular />}
            aria-label={star}
            title={star}
            aria-pressed={isKept}
            tabIndex={tabIndex}
            onClick={() => toggle(id)}
          />
        </span>
      </div>
      <div id={details} hidden={!isOpen} className={styles.details}>
        {isOpen && <Details person={person} state={state} />}
      </div>
    </li>
  );
});

function Since({ person }: { person: Person }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const { since, isOutOfOffice, activity } = person;
  const said = useWords().t;
  const parts = [
    isOutOfOffice && activity !== 'out_of_office' ? said('presence.out_of_office') : '',
    since
      ? t(isToday(since, Date.now()) ? 'people.since.today' : 'people.since', { at: since })
      : '',
  ].filter(Boolean);
  if (parts.length === 0) return null;
  return <span className={styles.more}>{` · ${parts.join(' · ')}`}</span>;
}

/** How somebody is reached, as far as it may be seen. */
function Ways({ person, tabIndex }: { person: Person; tabIndex: number }): ReactNode {
  const t = useT();
  const { name, mail, phone } = person;
  const tel = phone && telOf(phone);
  return (
    <>
      {tel && (
        <Button
          as="a"
          href={tel}
          tabIndex={tabIndex}
          appearance="subtle"
          icon={<CallRegular />}
          aria-label={t('people.call', { name })}
          title={phone}
        />
      )}
      {mail && (
        <Button
          as="a"
          tabIndex={tabIndex}
          href={`mailto:${encodeURIComponent(mail).replace('%40', '@')}`}
          appearance="subtle"
          icon={<MailRegular />}
          aria-label={t('people.mail', { name })}
          title={mail}
        />
      )}
    </>
  );
}

function Details({ person, state }: { person: Person; state: string }): ReactNode {
  const { name, title, mail, phone, note } = person;
  const tel = phone && telOf(phone);
  return (
    <>
      <strong>{name}</strong>
      {title && <span>{title}</span>}
      <span>
        {state}
        <Since person={person} />
      </span>
      {note && <span>{note}</span>}
      {phone && (tel ? <a href={tel}>{phone}</a> : <span>{phone}</span>)}
      {mail && <a href={`mailto:${encodeURIComponent(mail).replace('%40', '@')}`}>{mail}</a>}
    </>
  );
}
