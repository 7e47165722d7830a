import { makeStyles, SearchBox, tokens } from '@fluentui/react-components';
import { PeopleTeamRegular } from '@fluentui/react-icons/svg/people-team';
import { ErrorBanner } from '@switchboard/portal/parts/ErrorBanner';
import { Panel } from '@switchboard/portal/parts/Panel';
import { StateView } from '@switchboard/portal/parts/StateView';
import { usePaused } from '@switchboard/portal/parts/usePaused';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, type RefObject, useEffect, useId, useMemo, useRef, useState } from 'react';
import { foundQuery, teamsQuery } from '../app/gateway';
import { usePlace } from '../app/roomContext';
import { useT } from '../i18n/words';
import { MOST_FAVOURITES } from './favourites';
import { PersonRow } from './PersonRow';
import { MOST_PEOPLE, type Section, sectionsOf } from './team';
import { useFavourites } from './useFavourites';
import { moveFocus, useSearchKey } from './useKeys';

/** How long somebody types before it is searched, in milliseconds. */
const TYPING_MS = 250;

const useStyles = makeStyles({
  part: {
    minInlineSize: 0,
    minBlockSize: 0,
    ':focus': { outline: 'none' },
    '@media (min-width: 768px)': {
      overflow: 'hidden',
      display: 'grid',
      gridTemplateColumns: 'minmax(0, 1fr)',
      padding: '4px',
      margin: '-4px',
    },
  },
  panel: { minBlockSize: 0 },
  title: { margin: 0, fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold },
  search: { maxInlineSize: 'none' },
  help: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  list: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    alignContent: 'start',
    rowGap: tokens.spacingVerticalM,
    minBlockSize: 0,
    '@media (min-width: 768px)': { overflowY: 'auto' },
  },
  heading: {
    margin: 0,
    paddingBlock: tokens.spacingVerticalXS,
    fontSize: tokens.fontSizeBase300,
    fontWeight: tokens.fontWeightSemibold,
    color: tokens.colorNeutralForeground2,
    overflowWrap: 'anywhere',
  },
  people: { margin: 0, padding: 0, listStyleType: 'none' },
});

/** Colleagues: favourites, groups, and who is searched for; `at` is given the part itself. */
export function PeoplePart({ at }: { at: RefObject<HTMLElement | null> }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const { room, session, own } = usePlace();
  const id = useId();
  const search = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  /** The one row that the tabulator key stops at. */
  const [active, setActive] = useState('');
  const wanted = usePaused(typed.trim(), TYPING_MS);
  const favourites = useFavourites(`${session.tenant}/${session.user}`);
  const teams = useQuery(teamsQuery(session.tenant, own));
  const found = useQuery({ ...foundQuery(session.tenant, wanted), enabled: wanted !== '' });
  const shown = useMemo(
    () => sectionsOf({ favourites: favourites.ids, teams: teams.data ?? [], own }),
    [favourites.ids, teams.data, own],
  );
  const hits = wanted === '' ? undefined : found.data;
  useSearchKey(search);

  useEffect(() => {
    room.look([...new Set([...shown.ids, ...(hits?.ids ?? [])])]);
  }, [room, shown.ids, hits]);

  const sections: readonly Section[] = hits
    ? [{ id: 'found', name: t('people.found'), people: hits.ids.filter((one) => one !== own) }]
    : shown.sections;
  const places = sections.flatMap((one) => one.people.map((person) => `${one.id} ${person}`));
  const [first = ''] = places;
  const isThere = places.includes(active);
  return (
    <section ref={at} tabIndex={-1} aria-labelledby={id} className={styles.part} data-people>
      <Panel className={styles.panel}>
        <h2 id={id} className={styles.title}>
          {t('people.title')}
        </h2>
        {teams.data !== null && (
          <>
            <SearchBox
              input={{ ref: search }}
              className={styles.search}
              aria-label={t('people.search')}
              placeholder={t('people.search')}
              value={typed}
              onChange={(_, { value }) => setTyped(value)}
              onKeyDown={(event) => {
                if (event.key === 'Escape') setTyped('');
                if (event.key === 'ArrowDown')
                  moveFocus(at.current, 'first') && event.preventDefault();
              }}
            />
            <span className={styles.help}>{t('people.search.help')}</span>
          </>
        )}
        {teams.error && !teams.data && (
          <ErrorBanner error={teams.error} retry={() => void teams.refetch()} />
        )}
        {wanted !== '' && found.error && <ErrorBanner error={found.error} />}
        {favourites.isFull && (
          <span role="status">{t('people.full', { most: MOST_FAVOURITES })}</span>
        )}
        <div className={styles.list} aria-busy={teams.isLoading || found.isFetching}>
          {sections.map(({ id: section, name, people }) => (
            <People
              key={section}
              section={section}
              name={name ?? t('people.favourites')}
              people={people}
              favourites={favourites}
              active={isThere ? active : first}
              activate={setActive}
            />
          ))}
          {hits && <Hits hits={hits} />}
          {!hits && shown.hasMore && (
            <span className={styles.help}>{t('people.more', { most: MOST_PEOPLE })}</span>
          )}
          {!hits && sections.length === 0 && teams.data !== undefined && (
            <Nobody mayLook={teams.data !== null} />
          )}
        </div>
      </Panel>
    </section>
  );
}

function People(props: {
  section: string;
  name: string;
  people: readonly string[];
  favourites: ReturnType<typeof useFavourites>;
  active: string;
  activate: (place: string) => void;
}): ReactNode {
  const { section, name, people, favourites, active, activate } = props;
  const styles = useStyles();
  const id = useId();
  if (people.length === 0) return null;
  return (
    <section aria-labelledby={id}>
      <h3 id={id} className={styles.heading}>
        {name}
      </h3>
      <ul className={styles.people}>
        {people.map((one) => (
          <PersonRow
            key={one}
            id={one}
            isKept={favourites.ids.includes(one)}
            toggle={favourites.toggle}
            place={`${section} ${one}`}
            isActive={active === `${section} ${one}`}
            activate={activate}
          />
        ))}
      </ul>
    </section>
  );
}

function Hits({ hits }: { hits: { ids: readonly string[]; hasMore: boolean } }): ReactNode {
  const styles = useStyles();
  const t = useT();
  return (
    <span role="status" className={styles.help}>
      {hits.ids.length === 0 && t('people.found.none')}
      {hits.hasMore && t('people.found.more')}
    </span>
  );
}

function Nobody({ mayLook }: { mayLook: boolean }): ReactNode {
  const t = useT();
  return (
    <StateView
      icon={<PeopleTeamRegular />}
      title={t(mayLook ? 'people.empty' : 'people.no_right')}
      text={t(mayLook ? 'people.empty.text' : 'people.no_right.text')}
    />
  );
}
