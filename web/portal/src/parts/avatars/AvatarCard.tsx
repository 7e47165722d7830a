import { Badge, Button, Checkbox, makeStyles, tokens } from '@fluentui/react-components';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { LABELS, STATES, type State } from '@switchboard/presence';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { type Avatar, type AvatarOwner, removeAvatar, setStatuses } from '../../data/avatars';
import { useWords } from '../../i18n/context';
import { ConfirmDialog } from '../confirm';
import { ErrorBanner } from '../ErrorBanner';
import { Panel } from '../Panel';
import { useToasts } from '../toasts';

const useStyles = makeStyles({
  card: { rowGap: tokens.spacingVerticalM },
  head: { display: 'flex', alignItems: 'center', columnGap: tokens.spacingHorizontalM },
  picture: {
    inlineSize: '80px',
    blockSize: '80px',
    objectFit: 'cover',
    borderRadius: tokens.borderRadiusCircular,
    backgroundColor: tokens.colorNeutralBackground3,
  },
  end: { marginInlineStart: 'auto' },
  taken: { fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2 },
  states: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(9.5rem, 1fr))',
    margin: 0,
    padding: 0,
    border: 'none',
  },
});

/** One picture: the states it is shown for, and the way to remove it. */
export function AvatarCard(props: {
  owner: AvatarOwner;
  avatar: Avatar;
  /** The other pictures: a state that one of them has moves when it is ticked here. */
  others: readonly Avatar[];
  changed: () => Promise<void>;
}): ReactNode {
  const { owner, avatar, others, changed } = props;
  const styles = useStyles();
  const { t, language } = useWords();
  const toasts = useToasts();
  const [isAsked, setAsked] = useState(false);
  const [ticked, setTicked] = useState<State[]>();
  const labels = LABELS[language];
  const setting = useMutation({
    mutationFn: (statuses: State[]) => setStatuses(owner, { id: avatar.id, statuses }),
    onSuccess: ({ moved }) => {
      const states = moved.map(({ status }) => labels[status]).join(', ');
      if (states) toasts.done(t('avatars.moved', { states }));
    },
    onSettled: changed,
  });
  // What was just ticked shows at once; a refusal takes it back. Kept here, not read from the
  // mutation: that reports itself a moment later, and the box would jump back in between.
  const statuses = ticked ?? avatar.statuses;
  const isTaken = (state: State): boolean =>
    others.some((other) => other.statuses.includes(state)) && !statuses.includes(state);
  const toggle = (state: State, isChosen: boolean): void => {
    const next = STATES.filter((one) => (one === state ? isChosen : statuses.includes(one)));
    setTicked(next);
    setting.mutate(next, { onSettled: () => setTicked(undefined) });
  };
  return (
    <Panel className={styles.card}>
      <div className={styles.head}>
        <img src={avatar.url} alt={t('avatars.picture')} className={styles.picture} />
        {avatar.is_default && <Badge appearance="tint">{t('avatars.default')}</Badge>}
        {avatar.source && <Badge appearance="outline">{t('avatars.synced')}</Badge>}
        <Button
          className={styles.end}
          appearance="subtle"
          icon={<DeleteRegular />}
          aria-label={t('avatars.remove')}
          onClick={() => setAsked(true)}
        />
      </div>
      {setting.isError && <ErrorBanner error={setting.error} />}
      <fieldset className={styles.states} disabled={setting.isPending}>
        <legend>{t('avatars.shown_for')}</legend>
        {STATES.map((state) => (
          <Checkbox
            key={state}
            label={
              isTaken(state) ? (
                <>
                  {labels[state]} <span className={styles.taken}>{t('avatars.taken')}</span>
                </>
              ) : (
                labels[state]
              )
            }
            checked={statuses.includes(state)}
            onChange={(_, { checked }) => toggle(state, checked === true)}
          />
        ))}
      </fieldset>
      {isAsked && (
        <ConfirmDialog
          close={() => setAsked(false)}
          confirmation={{
            title: t('avatars.remove'),
            text: t('avatars.remove.text'),
            verb: t('avatars.remove'),
            isDangerous: true,
            act: async () => {
              await removeAvatar(owner, avatar.id);
              await changed();
            },
          }}
        />
      )}
    </Panel>
  );
}
