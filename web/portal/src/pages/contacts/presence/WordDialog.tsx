import { Select } from '@fluentui/react-components';
import { ACTIVITIES, LABELS, STATES } from '@switchboard/presence';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import {
  type NamedState,
  namedStatesToChooseQuery,
  setManual,
  type Whose,
} from '../../../data/presence';
import { nameOfProfile } from '../../../data/profiles';
import type { ClaimPart } from '../../../data/why';
import { ErrorBanner } from '../../../parts/ErrorBanner';
import {
  type CustomProps,
  FormDialog,
  type FormSpec,
  MomentInput,
  useForm,
} from '../../../parts/form';
import { useToasts } from '../../../parts/toasts';
import type { Speaker } from './sentences';
import {
  checkEnd,
  choiceOf,
  draftFieldAt,
  draftOf,
  fieldsOfDraft,
  isNamed,
  type WordDraft,
} from './word';

interface Props {
  whose: Whose;
  word: ClaimPart | null;
  speaker: Speaker;
  changed: () => Promise<void>;
  close: () => void;
}

/** Sets the own word, once the tenant's named states are known. */
export function WordDialog(props: Props): ReactNode {
  const states = useQuery(namedStatesToChooseQuery(props.whose.tenant));
  if (states.isError) {
    return <ErrorBanner error={states.error} retry={() => void states.refetch()} />;
  }
  return states.data ? <Loaded {...props} states={states.data} /> : null;
}

function Loaded(props: Props & { states: NamedState[] }): ReactNode {
  const { whose, word, speaker, changed, close, states } = props;
  const { t } = speaker;
  const toasts = useToasts();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the speaker is new with every look
  const spec = useMemo(() => specOf(speaker, states), [speaker.language, states]);
  const form = useForm<WordDraft>({
    spec,
    initial: useMemo(() => draftOf(word, states), [word, states]),
    fieldAt: draftFieldAt,
    save: async (draft) => {
      await setManual(whose, fieldsOfDraft(draft));
      toasts.done(t('presence.word.saved'));
      await changed();
      close();
      return undefined;
    },
  });
  return (
    <FormDialog
      title={t('presence.word.title')}
      text={t('presence.word.text')}
      form={form}
      verb={t('action.save')}
      close={close}
    />
  );
}

function specOf({ t, language }: Speaker, states: readonly NamedState[]): FormSpec<WordDraft> {
  const isPlain = (draft: WordDraft): boolean => !isNamed(draft);
  const words = LABELS[language];
  return {
    check: (draft) => checkEnd(draft, Date.now()),
    sections: [
      {
        fields: [
          {
            kind: 'custom',
            name: 'choice',
            label: 'presence.state',
            render: (props) => <StateSelect {...props} states={states} language={language} t={t} />,
          },
          {
            kind: 'choice',
            name: 'activity',
            label: 'presence.doing',
            help: 'presence.doing.help',
            none: t('presence.doing.none'),
            choices: ACTIVITIES.map((value) => ({ value, label: words[value] })),
            isShown: isPlain,
          },
          {
            kind: 'text',
            name: 'custom',
            label: 'presence.custom',
            help: 'presence.custom.help',
            max: 500,
            isShown: isPlain,
          },
          {
            kind: 'custom',
            name: 'expires_at',
            label: 'presence.until',
            help: 'presence.until.help',
            render: (props) => <MomentInput {...props} />,
          },
          {
            kind: 'switch',
            name: 'is_out_of_office',
            label: 'presence.away',
            help: 'presence.away.help',
          },
        ],
      },
    ],
  };
}

/** The states and the tenant's named ones, apart. */
function StateSelect(
  props: CustomProps & {
    states: readonly NamedState[];
    language: Speaker['language'];
    t: Speaker['t'];
  },
): ReactNode {
  const { value, set, touch, isDisabled, states, language, t } = props;
  return (
    <Select
      value={String(value)}
      disabled={isDisabled}
      onChange={(_, { value: next }) => set(next)}
      onBlur={touch}
    >
      <optgroup label={t('presence.states')}>
        {STATES.filter((state) => state !== 'unknown').map((state) => (
          <option key={state} value={state}>
            {LABELS[language][state]}
          </option>
        ))}
      </optgroup>
      {states.length > 0 && (
        <optgroup label={t('presence.states.named')}>
          {states.map((state) => (
            <option key={state.id} value={choiceOf(state)}>
              {nameOfProfile(language, state)}
            </option>
          ))}
        </optgroup>
      )}
    </Select>
  );
}
