import { Button, makeStyles, tokens } from '@fluentui/react-components';
import {
  namedStatesToChooseQuery,
  removeOutOfOffice,
  setManual,
  setOutOfOffice,
} from '@switchboard/portal/data/presence';
import {
  nameOfProfile,
  profilesQuery,
  selectProfile,
  userProfileQuery,
} from '@switchboard/portal/data/profiles';
import { useWords } from '@switchboard/portal/i18n/context';
import { useToasts } from '@switchboard/portal/parts/toasts';
import { LABELS, type State } from '@switchboard/presence';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useId, useState } from 'react';
import type { OwnPresence } from '../app/gateway';
import { usePlace, usePresence } from '../app/roomContext';
import { useT } from '../i18n/words';
import { StateIcon } from '../parts/StateIcon';
import { UntilField } from './UntilField';
import { momentOfEnd, OPEN } from './until';

const useStyles = makeStyles({
  parts: { display: 'grid', rowGap: tokens.spacingVerticalL },
  part: {
    display: 'grid',
    rowGap: tokens.spacingVerticalS,
    minInlineSize: 0,
    margin: 0,
    padding: 0,
    border: 'none',
  },
  title: {
    margin: 0,
    padding: 0,
    fontSize: tokens.fontSizeBase300,
    fontWeight: tokens.fontWeightSemibold,
  },
  help: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  choices: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: tokens.spacingHorizontalSNudge,
    // A tenant may have a hundred of its own.
    maxBlockSize: '15rem',
    overflowY: 'auto',
    padding: '2px',
    margin: '-2px',
  },
  choice: { maxInlineSize: '100%', justifyContent: 'start', overflowWrap: 'anywhere' },
});

/** The states that people give by hand. */
const WORDS: readonly State[] = ['available', 'busy', 'do_not_disturb', 'be_right_back', 'away'];

/** What somebody may choose to be shown as: a profile, or an own word until some moment. */
export function ShowAs({ presence }: { presence: OwnPresence | undefined }): ReactNode {
  const styles = useStyles();
  return (
    <div className={styles.parts}>
      <Profiles />
      <Words presence={presence} />
    </div>
  );
}

/** The profiles, where the client profile lets one be chosen. */
function Profiles(): ReactNode {
  const styles = useStyles();
  const t = useT();
  const { language } = useWords();
  const { session } = usePlace();
  const client = useQueryClient();
  const toasts = useToasts();
  const id = useId();
  const query = {
    ...userProfileQuery(session.tenant, session.user),
    refetchInterval: false as const,
  };
  const { data: own } = useQuery(query);
  const { data: profiles } = useQuery(profilesQuery(session.tenant));
  const choosing = useMutation({
    mutationFn: (profile: string) => selectProfile(session.tenant, session.user, { profile }),
    onSuccess: (chosen) => {
      client.setQueryData(query.queryKey, chosen);
      toasts.done(t('show.done', { state: nameOfProfile(language, chosen) }));
    },
    onError: (error) => {
      toasts.failed(error);
      void client.invalidateQueries({ queryKey: query.queryKey });
    },
  });
  if (!own?.may_select || !profiles) return null;
  return (
    <fieldset className={styles.part}>
      <legend id={id} className={styles.title}>
        {t('show.profiles')}
      </legend>
      <div className={styles.choices}>
        {profiles.map((profile) => (
          <Choice
            key={profile.id}
            state={profile.colour}
            label={nameOfProfile(language, profile)}
            isChosen={own.profile === profile.id && own.selected_at !== null}
            isPending={choosing.isPending}
            choose={() => choosing.mutate(profile.id)}
          />
        ))}
      </div>
      <span className={styles.help}>{t('show.profiles.help')}</span>
    </fieldset>
  );
}

/** Own words: states, the tenant's named states, and out of office. */
function Words({ presence }: { presence: OwnPresence | undefined }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const { language } = useWords();
  const { session, own } = usePlace();
  const whose = { tenant: session.tenant, contact: own };
  const toasts = useToasts();
  const { data: named = [] } = useQuery(namedStatesToChooseQuery(session.tenant));
  const [until, setUntil] = useState(OPEN);
  const [isPast, setPast] = useState(false);
  const word = usePresence(own)?.asnAbsentState;
  const isGiven = presence?.decided_by === 'manual';
  // A named state that is none of the interface's counts as an absence there, too.
  const isAway = word?.eAbsentState === 1 && Boolean(presence?.is_out_of_office);

  const act = useMutation({
    mutationFn: async (choice: Choosing) => {
      const expires_at = momentOfEnd(until, Date.now());
      setPast(expires_at === 'past');
      if (expires_at === 'past') return null;
      await choice.act(expires_at);
      return choice.done;
    },
    onSuccess: (done) => {
      if (done === null) return;
      setUntil(OPEN);
      toasts.done(done);
    },
    onError: (error) => toasts.failed(error),
  });
  const done = (state: string): string => t('show.done', { state });
  return (
    <fieldset className={styles.part}>
      <legend className={styles.title}>{t('show.words')}</legend>
      <UntilField label={t('show.until')} value={until} set={setUntil} isPast={isPast} />
      <div className={styles.choices}>
        {WORDS.map((state) => (
          <Choice
            key={state}
            state={state}
            label={LABELS[language][state]}
            isChosen={isGiven && !presence.custom && presence.availability === state}
            isPending={act.isPending}
            choose={() =>
              act.mutate({
                act: (expires_at) =>
                  setManual(whose, { availability: state as 'busy', expires_at }),
                done: done(LABELS[language][state]),
              })
            }
          />
        ))}
        {named.map((one) => (
          <Choice
            key={one.id}
            state={one.availability as State}
            label={nameOfProfile(language, one)}
            isChosen={isGiven && presence.custom === one.name}
            isPending={act.isPending}
            choose={() =>
              act.mutate({
                act: (expires_at) => setManual(whose, { custom_state: one.id, expires_at }),
                done: done(nameOfProfile(language, one)),
              })
            }
          />
        ))}
        <Choice
          state="away"
          label={t('show.away')}
          isChosen={isAway}
          isPending={act.isPending}
          choose={() =>
            act.mutate(
              isAway
                ? { act: () => removeOutOfOffice(whose), done: t('show.away.taken') }
                : {
                    act: (expires_at) => setOutOfOffice(whose, expires_at),
                    done: t('show.away.done'),
                  },
            )
          }
        />
      </div>
      <span className={styles.help}>{t('show.words.help')}</span>
    </fieldset>
  );
}

/** What is done about a choice, and said afterwards. */
interface Choosing {
  act: (expiresAt: string | null) => Promise<void>;
  done: string;
}

function Choice(props: {
  state: State;
  label: string;
  isChosen: boolean;
  isPending: boolean;
  choose: () => void;
}): ReactNode {
  const { state, label, isChosen, isPending, choose } = props;
  const styles = useStyles();
  return (
    <Button
      className={styles.choice}
      size="small"
      appearance={isChosen ? 'primary' : 'secondary'}
      aria-pressed={isChosen}
      disabledFocusable={isPending}
      {...(!isChosen && { icon: <StateIcon state={state} /> })}
      onClick={choose}
    >
      {label}
    </Button>
  );
}
