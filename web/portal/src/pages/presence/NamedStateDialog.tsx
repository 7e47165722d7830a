import { ACTIVITIES, LABELS, type Language, STATES } from '@switchboard/presence';
import { type ReactNode, useMemo } from 'react';
import {
  createNamedState,
  fieldsOfNamedState,
  readNamedState,
  updateNamedState,
} from '../../data/namedStates';
import type { NamedState } from '../../data/presence';
import type { Translate } from '../../i18n/catalogue';
import { useWords } from '../../i18n/context';
import { FormDialog, type FormSpec, useItemForm } from '../../parts/form';
import { useToasts } from '../../parts/toasts';
import type { Editing } from '../../parts/useManaged';
import { LabelsInput } from './LabelsInput';
import {
  checkNamedState,
  draftOfState,
  fieldsOfNamedDraft,
  LABEL_CHARS,
  type Label,
  type NamedStateDraft,
  NO_NAMED_STATE,
} from './named';

/** Gives a state a name, or changes one. */
export function NamedStateDialog(props: Editing<NamedState> & { tenant: string }): ReactNode {
  const { item, close } = props;
  const { t, language } = useWords();
  const toasts = useToasts();
  const form = useItemForm({
    ...props,
    spec: useMemo(() => specOf(t, language), [t, language]),
    blank: NO_NAMED_STATE,
    draftOf: draftOfKept,
    fieldsOf: fieldsOfNamedState,
    sent: fieldsOfNamedDraft,
    create: createNamedState,
    update: updateNamedState,
    read: readNamedState,
    saved: ({ name }) => toasts.done(t('states.saved', { name })),
  });
  return (
    <FormDialog
      title={t(item ? 'states.change' : 'states.new')}
      {...(item ? { text: t('states.change.text') } : {})}
      form={form}
      verb={t(item ? 'action.save' : 'states.add')}
      close={close}
    />
  );
}

function draftOfKept(state: NamedState): NamedStateDraft {
  return draftOfState(fieldsOfNamedState(state));
}

function specOf(t: Translate, language: Language): FormSpec<NamedStateDraft> {
  const words = LABELS[language];
  return {
    check: checkNamedState,
    sections: [
      {
        fields: [
          {
            kind: 'text',
            name: 'name',
            label: 'states.name',
            help: 'states.name.help',
            max: LABEL_CHARS,
            isRequired: true,
            isPlain: true,
          },
          {
            kind: 'choice',
            name: 'availability',
            label: 'presence.state',
            help: 'states.availability.help',
            choices: STATES.filter((value) => value !== 'unknown').map((value) => ({
              value,
              label: words[value],
            })),
          },
          {
            kind: 'choice',
            name: 'activity',
            label: 'presence.doing',
            help: 'states.activity.help',
            none: t('presence.doing.none'),
            choices: ACTIVITIES.map((value) => ({ value, label: words[value] })),
          },
          {
            kind: 'custom',
            name: 'labels',
            label: 'states.labels',
            help: 'states.labels.help',
            isGroup: true,
            render: (props) => <LabelsInput {...props} />,
            describe: (value) =>
              (value as Label[]).map(({ language, label }) => `${language}: ${label}`).join(', '),
          },
        ],
      },
    ],
  };
}
