import { ACTIVITIES, LABELS, type Language, STATES } from '@switchboard/presence';
import { type ReactNode, useMemo, useRef } from 'react';
import {
  createNamedState,
  fieldsOfNamedState,
  readNamedState,
  updateNamedState,
} from '../../data/namedStates';
import type { NamedState } from '../../data/presence';
import type { Translate } from '../../i18n/catalogue';
import { useWords } from '../../i18n/context';
import { FormDialog, type FormSpec, useForm } from '../../parts/form';
import { useToasts } from '../../parts/toasts';
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
export function NamedStateDialog(props: {
  tenant: string;
  state: NamedState | null;
  changed: () => Promise<void>;
  close: () => void;
}): ReactNode {
  const { tenant, state, changed, close } = props;
  const { t, language } = useWords();
  const toasts = useToasts();
  // What the gateway keeps now, as far as somebody has seen it.
  const kept = useRef(state);
  const spec = useMemo(() => specOf(t, language), [t, language]);
  const form = useForm<NamedStateDraft>({
    spec,
    initial: useMemo(
      () => (state ? draftOfState(fieldsOfNamedState(state)) : NO_NAMED_STATE),
      [state],
    ),
    save: async (draft) => {
      const fields = fieldsOfNamedDraft(draft);
      const before = kept.current;
      const after = before
        ? await updateNamedState(tenant, before.id, {
            revision: before.revision,
            base: fieldsOfNamedState(before),
            fields,
          })
        : await createNamedState(tenant, fields);
      toasts.done(t('states.saved', { name: after.name }));
      await changed();
      close();
      return undefined;
    },
    ...(state && {
      reload: async () => {
        const theirs = await readNamedState(tenant, state.id);
        kept.current = theirs;
        return draftOfState(fieldsOfNamedState(theirs));
      },
    }),
  });
  return (
    <FormDialog
      title={t(state ? 'states.change' : 'states.new')}
      {...(state ? { text: t('states.change.text') } : {})}
      form={form}
      verb={t(state ? 'action.save' : 'states.add')}
      close={close}
    />
  );
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
