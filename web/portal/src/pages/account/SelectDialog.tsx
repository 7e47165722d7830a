import { type ReactNode, useMemo } from 'react';
import type { Session } from '../../app/session';
import { nameOfProfile, type Profile, selectProfile, type UserProfile } from '../../data/profiles';
import type { Language } from '../../i18n/catalogue';
import { useWords } from '../../i18n/context';
import { FormDialog, type FormSpec, MomentInput, useForm } from '../../parts/form';
import { useToasts } from '../../parts/toasts';

interface Draft {
  profile: string;
  message: string | null;
  message_expires_at: string | null;
}

/** Selects a presence profile, with what there is to say beside it. */
export function SelectDialog(props: {
  session: Session;
  own: UserProfile;
  profiles: Profile[];
  changed: () => Promise<void>;
  close: () => void;
}): ReactNode {
  const { session, own, profiles, changed, close } = props;
  const { t, language } = useWords();
  const toasts = useToasts();
  const spec = useMemo(
    () => specOf(profiles, language, Boolean(own.contact)),
    [profiles, language, own.contact],
  );
  const form = useForm<Draft>({
    spec,
    initial: useMemo(
      () => ({
        profile: own.profile,
        message: own.message ?? null,
        message_expires_at: own.message_expires_at ?? null,
      }),
      [own],
    ),
    save: async (draft) => {
      const kept = await selectProfile(session.tenant, session.user, {
        ...draft,
        message: draft.message?.trim() || null,
      });
      toasts.done(t('own_profile.selected', { name: nameOfProfile(language, kept) }));
      await changed();
      close();
      return undefined;
    },
  });
  return (
    <FormDialog
      title={t('own_profile.select')}
      form={form}
      verb={t('own_profile.select.verb')}
      close={close}
    />
  );
}

/** What is asked for; without a contact nobody sees a message. */
function specOf(
  profiles: readonly Profile[],
  language: Language,
  isContact: boolean,
): FormSpec<Draft> {
  return {
    sections: [
      {
        fields: [
          {
            kind: 'choice',
            name: 'profile',
            label: 'own_profile.profile',
            choices: profiles.map((one) => ({
              value: one.id,
              label: nameOfProfile(language, one),
            })),
          },
          {
            kind: 'text',
            name: 'message',
            label: 'own_profile.message',
            help: 'own_profile.message.help',
            max: 500,
            isDisabled: () => !isContact,
          },
          {
            kind: 'custom',
            name: 'message_expires_at',
            label: 'own_profile.until',
            help: 'own_profile.until.help',
            render: (props) => <MomentInput {...props} />,
            isDisabled: () => !isContact,
          },
        ],
      },
    ],
    check: ({ message_expires_at: end }) =>
      end && Date.parse(end) <= Date.now()
        ? [
            {
              field: 'message_expires_at',
              rule: { code: 'format', expected: 'a moment in the future' },
            },
          ]
        : [],
  };
}
