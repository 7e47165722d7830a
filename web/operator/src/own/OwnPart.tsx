import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useIsNarrow } from '@switchboard/portal/app/theme';
import { useWords } from '@switchboard/portal/i18n/context';
import { Panel } from '@switchboard/portal/parts/Panel';
import { useToasts } from '@switchboard/portal/parts/toasts';
import { stateOf } from '@switchboard/presence';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useId, useState } from 'react';
import { type OwnPresence, ownPresenceQuery } from '../app/gateway';
import { usePerson, usePlace, usePresence, useRoomState } from '../app/roomContext';
import { useT } from '../i18n/words';
import { Portrait } from '../parts/Portrait';
import { StateIcon, useShade } from '../parts/StateIcon';
import { useStateText } from '../people/names';
import { ShowAs } from './ShowAs';
import { isToday } from './until';
import { useTitle } from './useTitle';

const useStyles = makeStyles({
  panel: { borderBlockStartWidth: '6px', borderBlockStartStyle: 'solid' },
  head: { display: 'flex', alignItems: 'center', columnGap: tokens.spacingHorizontalL },
  names: { minInlineSize: 0, flexGrow: 1, overflowWrap: 'anywhere' },
  name: { margin: 0, fontSize: tokens.fontSizeBase300, fontWeight: tokens.fontWeightRegular },
  state: {
    display: 'flex',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalS,
    fontSize: tokens.fontSizeBase600,
    lineHeight: tokens.lineHeightBase600,
    fontWeight: tokens.fontWeightSemibold,
  },
  text: { minInlineSize: 0 },
  more: { color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere' },
  line: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: tokens.spacingHorizontalS,
    overflowWrap: 'anywhere',
  },
});

/** What the one who works shows, large, why, and what they may do about it. */
export function OwnPart(): ReactNode {
  const styles = useStyles();
  const t = useT();
  const { language } = useWords();
  const { room, own } = usePlace();
  const { isTrusted } = useRoomState(room);
  const person = usePerson(own);
  const stateText = useStateText();
  const shade = useShade();
  const presence = useOwnPresence();
  const isNarrow = useIsNarrow();
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const state = stateText(person);
  useTitle(person.state, t('operator.page', { state }), shade(person.state));
  const why = useWhy(presence);
  const isShowing = !isNarrow || isOpen;
  return (
    <section aria-labelledby={id}>
      <div style={{ color: shade(person.state) }}>
        <Panel className={styles.panel}>
          <div style={{ color: tokens.colorNeutralForeground1 }} className={styles.head}>
            <Portrait person={person} isLarge />
            <div className={styles.names}>
              <h2 id={id} className={styles.name}>
                {person.name}
              </h2>
              <div role="status" lang={language} className={styles.state}>
                <StateIcon state={person.state} />
                <span className={styles.text}>{state}</span>
              </div>
            </div>
          </div>
          <div style={{ color: tokens.colorNeutralForeground1, display: 'contents' }}>
            {isTrusted && (
              <>
                <span className={styles.more}>{why}</span>
                <Said presence={presence} />
              </>
            )}
            {isNarrow && (
              <Button aria-expanded={isOpen} onClick={() => setOpen((before) => !before)}>
                {t('show.change')}
              </Button>
            )}
            {isShowing && <ShowAs presence={presence} />}
          </div>
        </Panel>
      </div>
    </section>
  );
}

/** What decides now; asked anew whenever something is told of oneself. */
function useOwnPresence(): OwnPresence | undefined {
  const { session, own } = usePlace();
  const client = useQueryClient();
  const told = usePresence(own);
  const query = ownPresenceQuery(session.tenant, own);
  const { data } = useQuery(query);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is the same while the place is
  useEffect(() => {
    if (!told) return;
    void client.invalidateQueries({ queryKey: query.queryKey });
    void client.invalidateQueries({ queryKey: ['user_profile', session.tenant, session.user] });
  }, [told, client]);
  return data;
}

/** One line that says what decides, and since when. */
function useWhy(presence: OwnPresence | undefined): string {
  const t = useT();
  if (!presence) return '';
  const { decided_by: kind, activity, since } = presence;
  if (!kind || !since) return t('own.why.nothing');
  const isCall =
    (kind === 'telephone' || kind === 'softphone') &&
    (activity === 'on_the_phone' || activity === 'in_a_conference');
  const who = t(isCall ? `own.by.${kind}.call` : `own.by.${kind}`);
  return t(isToday(since, Date.now()) ? 'own.why.today' : 'own.why', { who, at: since });
}

/** What was said by hand, until when, and the way to take it back. */
function Said({ presence }: { presence: OwnPresence | undefined }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const said = useWords().t;
  const { room, own } = usePlace();
  const toasts = useToasts();
  const stateText = useStateText();
  const word = usePresence(own)?.asnAbsentState;
  const [isPending, setPending] = useState(false);
  if (!word || word.eAbsentState === 4) return null;
  const named = word.u8sCustomState ?? null;
  const states = { 0: 'available', 2: 'busy', 3: 'do_not_disturb' } as const;
  // The interface has one number for who is away in whatever way; the API knows which.
  const isWord = presence?.decided_by === 'manual' && presence.availability !== 'available';
  const away = isWord ? stateOf(presence.availability) : null;
  const isMark = word.eAbsentState === 1 && !named && (away === null || presence?.is_out_of_office);
  const state = isMark
    ? said('presence.out_of_office')
    : stateText({
        state: word.eAbsentState === 1 ? (away ?? 'away') : states[word.eAbsentState],
        activity: null,
        named,
      });
  const end = word.stTimeTo;
  const until = end && t(isToday(end, Date.now()) ? 'own.until.today' : 'own.until', { at: end });
  const back = async (): Promise<void> => {
    setPending(true);
    try {
      await room.takeBack();
      toasts.done(t('show.taken'));
    } catch (error) {
      toasts.failed(error);
    }
    setPending(false);
  };
  return (
    <div className={styles.line}>
      <span>
        {t('own.word', { state })} {until}
      </span>
      <Button size="small" disabledFocusable={isPending} onClick={() => void back()}>
        {t('own.word.back')}
      </Button>
    </div>
  );
}
