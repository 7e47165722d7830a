import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { EditRegular } from '@fluentui/react-icons/svg/edit';
import { PeopleRegular } from '@fluentui/react-icons/svg/people';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import {
  type ClientProfile,
  type ClientProfileFields,
  clientProfilesSource,
  createClientProfile,
  readClientProfile,
  removeClientProfile,
  updateClientProfile,
} from '../../data/profiles';
import { useT } from '../../i18n/context';
import { ConfirmDialog } from '../../parts/ConfirmDialog';
import { FormDialog, type FormSpec, useForm } from '../../parts/form';
import { List, type ListSpec } from '../../parts/list';
import { useToasts } from '../../parts/toasts';

const FLAGS = [
  'may_select_presence',
  'may_override_profiles',
  'may_control_agent_status',
  'may_control_queues',
] as const;

const NEW: ClientProfileFields = {
  name: '',
  may_select_presence: true,
  may_override_profiles: true,
  may_control_agent_status: true,
  may_control_queues: true,
};

const SPEC: FormSpec<ClientProfileFields> = {
  sections: [
    {
      fields: [
        {
          kind: 'text',
          name: 'name',
          label: 'profiles.name',
          max: 80,
          isRequired: true,
          isPlain: true,
        },
        ...FLAGS.map(
          (name) =>
            ({
              kind: 'switch',
              name,
              label: `client_profiles.${name}`,
              help: `client_profiles.${name}.help`,
            }) as const,
        ),
      ],
    },
  ],
};

function fieldsOf(profile: ClientProfile): ClientProfileFields {
  const flags = FLAGS.map((flag) => [flag, profile[flag] ?? true]);
  return { ...NEW, ...Object.fromEntries(flags), name: profile.name ?? '' };
}

/** What users may do with their clients. */
export function ClientProfiles(props: {
  tenant: string;
  isAdding: boolean;
  added: () => void;
}): ReactNode {
  const { tenant, isAdding, added } = props;
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const [edited, setEdited] = useState<ClientProfile | null>(null);
  const [removed, setRemoved] = useState<ClientProfile | null>(null);
  const source = useMemo(() => clientProfilesSource(tenant), [tenant]);
  const changed = (): Promise<void> =>
    client.invalidateQueries({ queryKey: ['client_profiles', tenant] });
  const nameOf = ({ name, is_built_in }: ClientProfile): string =>
    is_built_in ? t('client_profiles.default') : (name ?? '');
  const spec: ListSpec<ClientProfile> = {
    label: t('client_profiles.title'),
    source,
    id: ({ id }) => id,
    name: nameOf,
    columns: [
      {
        id: 'name',
        header: 'profiles.name',
        width: '1.4fr',
        cell: (it) => <span title={nameOf(it)}>{nameOf(it)}</span>,
      },
      {
        id: 'allows',
        header: 'client_profiles.allows',
        width: '3fr',
        cell: (it) => <span title={allowed(it)}>{allowed(it)}</span>,
      },
    ],
    actions: (it) =>
      it.is_built_in
        ? []
        : [
            {
              id: 'edit',
              label: t('action.edit'),
              icon: <EditRegular />,
              act: () => setEdited(it),
            },
            {
              id: 'remove',
              label: t('action.delete'),
              icon: <DeleteRegular />,
              act: () => setRemoved(it),
            },
          ],
    empty: {
      icon: <PeopleRegular />,
      title: t('profiles.empty'),
      text: t('profiles.empty.text'),
    },
  };
  return (
    <>
      <List spec={spec} />
      {(isAdding || edited) && (
        <Editor
          tenant={tenant}
          profile={edited}
          changed={changed}
          close={() => {
            setEdited(null);
            added();
          }}
        />
      )}
      {removed && (
        <ConfirmDialog
          close={() => setRemoved(null)}
          confirmation={{
            title: t('profiles.remove.title', { name: nameOf(removed) }),
            text: t('client_profiles.remove.text'),
            consequences: [t('client_profiles.remove.used')],
            verb: t('profiles.remove.verb'),
            isDangerous: true,
            act: async () => {
              await removeClientProfile(tenant, removed);
              toasts.done(t('profiles.removed', { name: nameOf(removed) }));
              await changed();
            },
          }}
        />
      )}
    </>
  );

  function allowed(profile: ClientProfile): string {
    const flags = FLAGS.filter((flag) => profile[flag] ?? true);
    if (flags.length === 0) return t('client_profiles.nothing');
    return flags.map((flag) => t(`client_profiles.${flag}`)).join(' · ');
  }
}

function Editor(props: {
  tenant: string;
  profile: ClientProfile | null;
  changed: () => Promise<void>;
  close: () => void;
}): ReactNode {
  const { tenant, profile, changed, close } = props;
  const t = useT();
  const toasts = useToasts();
  const kept = useRef(profile);
  const form = useForm<ClientProfileFields>({
    spec: SPEC,
    initial: useMemo(() => (profile ? fieldsOf(profile) : NEW), [profile]),
    save: async (fields) => {
      const before = kept.current;
      const after = before
        ? await updateClientProfile(tenant, before.id, {
            revision: before.revision,
            base: fieldsOf(before),
            fields,
          })
        : await createClientProfile(tenant, fields);
      toasts.done(t('profiles.saved', { name: after.name ?? '' }));
      await changed();
      close();
      return undefined;
    },
    ...(profile && {
      reload: async () => {
        const theirs = await readClientProfile(tenant, profile.id);
        kept.current = theirs;
        return fieldsOf(theirs);
      },
    }),
  });
  return (
    <FormDialog
      title={t(profile ? 'client_profiles.change' : 'client_profiles.new')}
      form={form}
      verb={t(profile ? 'action.save' : 'client_profiles.add')}
      close={close}
    />
  );
}
