import { LABELS, type Language } from '@switchboard/presence';
import { type ReactNode, useMemo, useRef } from 'react';
import { createProfile, type Profile, readProfile, updateProfile } from '../../data/profiles';
import type { Translate } from '../../i18n/catalogue';
import { useWords } from '../../i18n/context';
import { FormDialog, type FormSpec, useForm } from '../../parts/form';
import { useToasts } from '../../parts/toasts';
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
export function ProfileDialog(props: {
  tenant: string;
  profile: Profile | null;
  changed: () => Promise<void>;
  close: () => void;
}): ReactNode {
  const { tenant, profile, changed, close } = props;
  const { t, language } = useWords();
  const toasts = useToasts();
  // What the gateway keeps now, as far as somebody has seen it.
  const kept = useRef(profile);
  const form = useForm<ProfileDraft>({
    spec: useMemo(() => specOf(t, language), [t, language]),
    initial: useMemo(() => (profile ? draftOfProfile(profile) : NO_PROFILE), [profile]),
    fieldAt: callsFieldAt,
    save: async (draft) => {
      const before = kept.current;
      const fields = fieldsOfDraft(draft, before);
      const after = before
        ? await updateProfile(tenant, before.id, {
            revision: before.revision,
            base: fieldsOfProfile(before),
            fields,
          })
        : await createProfile(tenant, fields);
      toasts.done(t('profiles.saved', { name: after.name }));
      await changed();
      close();
      return undefined;
    },
    ...(profile && {
      reload: async () => {
        const theirs = await readProfile(tenant, profile.id);
        kept.current = theirs;
        return draftOfProfile(theirs);
      },
    }),
  });
  return (
    <FormDialog
      title={t(profile ? 'profiles.change' : 'profiles.new')}
      form={form}
      verb={t(profile ? 'action.save' : 'profiles.add')}
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
