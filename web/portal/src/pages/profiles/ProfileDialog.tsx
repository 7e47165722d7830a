import { LABELS, type Language } from '@switchboard/presence';
import { type ReactNode, useMemo } from 'react';
import { createProfile, type Profile, readProfile, updateProfile } from '../../data/profiles';
import type { Translate } from '../../i18n/catalogue';
import { useWords } from '../../i18n/context';
import { FormDialog, type FormSpec, useItemForm } from '../../parts/form';
import { useToasts } from '../../parts/toasts';
import type { Editing } from '../../parts/useManaged';
import { callsFields } from './calls';
import {
  callsFieldAt,
  checkCalls,
  draftOfProfile,
  fieldsOfDraft,
  fieldsOfProfile,
  NO_PROFILE,
  type ProfileDraft,
} from './draft';

const NAME_CHARS = 80;

/** Makes a presence profile, or changes one. */
export function ProfileDialog(props: Editing<Profile> & { tenant: string }): ReactNode {
  const { item, close } = props;
  const { t, language } = useWords();
  const toasts = useToasts();
  const form = useItemForm({
    ...props,
    spec: useMemo(() => specOf(t, language), [t, language]),
    blank: NO_PROFILE,
    draftOf: draftOfProfile,
    fieldsOf: fieldsOfProfile,
    sent: fieldsOfDraft,
    create: createProfile,
    update: updateProfile,
    read: readProfile,
    saved: ({ name }) => toasts.done(t('profiles.saved', { name })),
    fieldAt: callsFieldAt,
  });
  return (
    <FormDialog
      title={t(item ? 'profiles.change' : 'profiles.new')}
      form={form}
      verb={t(item ? 'action.save' : 'profiles.add')}
      close={close}
    />
  );
}

function specOf(t: Translate, language: Language): FormSpec<ProfileDraft> {
  const words = LABELS[language];
  return {
    check: checkCalls,
    sections: [
      {
        fields: [
          {
            kind: 'text',
            name: 'name',
            label: 'profiles.name',
            help: 'profiles.name.help',
            max: NAME_CHARS,
            isRequired: true,
            isPlain: true,
          },
          {
            kind: 'text',
            name: 'german',
            label: 'profiles.german',
            help: 'profiles.german.help',
            max: NAME_CHARS,
          },
          {
            kind: 'choice',
            name: 'kind',
            label: 'profiles.shows',
            help: 'profiles.shows.help',
            choices: (['available', 'away', 'do_not_disturb'] as const).map((value) => ({
              value,
              label: words[value],
            })),
          },
        ],
      },
      { title: 'profiles.section.calls', fields: callsFields<ProfileDraft>(t) },
    ],
  };
}
