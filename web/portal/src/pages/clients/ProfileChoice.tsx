import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import { changeClient } from '../../data/clients';
import { type ClientProfile, nameOfClientProfile } from '../../data/profiles';
import { nameOfUser, type User } from '../../data/users';
import { useT } from '../../i18n/context';
import { FormDialog, type FormSpec, useForm } from '../../parts/form';
import { useToasts } from '../../parts/toasts';

interface Choice {
  client_profile: string;
}

/** By which profile somebody uses clients. */
export function ProfileChoice(props: {
  tenant: string;
  user: User;
  profiles: readonly ClientProfile[];
  close: () => void;
}): ReactNode {
  const { tenant, user, profiles, close } = props;
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const builtIn = t('client_profiles.default');
  const spec = useMemo<FormSpec<Choice>>(
    () => ({
      sections: [
        {
          fields: [
            {
              kind: 'choice',
              name: 'client_profile',
              label: 'user.client_profile',
              help: 'user.client_profile.help',
              choices: profiles.map((it) => ({
                value: it.id,
                label: nameOfClientProfile(builtIn, it),
              })),
            },
          ],
        },
      ],
    }),
    [profiles, builtIn],
  );
  const form = useForm({
    spec,
    initial: { client_profile: user.client_profile ?? 'default' },
    save: async (choice) => {
      await changeClient(tenant, user, choice);
      await client.invalidateQueries({ queryKey: ['users', tenant] });
      await client.invalidateQueries({ queryKey: ['user', tenant, user.id] });
      toasts.done(t('clients.profile.saved', { name: nameOfUser(user) }));
      close();
      return undefined;
    },
  });
  return (
    <FormDialog
      title={t('clients.profile.of', { name: nameOfUser(user) })}
      form={form}
      verb={t('action.save')}
      close={close}
    />
  );
}
