import { PeopleRegular } from '@fluentui/react-icons/svg/people';
import { type ReactNode, useMemo } from 'react';
import {
  type ClientProfile,
  type ClientProfileFields,
  clientProfilesSource,
  createClientProfile,
  nameOfClientProfile,
  readClientProfile,
  removeClientProfile,
  updateClientProfile,
} from '../../data/profiles';
import { useT } from '../../i18n/context';
import { FormDialog, type FormSpec, useItemForm } from '../../parts/form';
import { List, type ListSpec } from '../../parts/list';
import { useToasts } from '../../parts/toasts';
import { type Editing, useManaged } from '../../parts/useManaged';

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
  const builtIn = t('client_profiles.default');
  const nameOf = (profile: ClientProfile): string => nameOfClientProfile(builtIn, profile);
  const { actions, dialogs } = useManaged<ClientProfile>({
    lists: ['client_profiles', tenant],
    isAdding,
    added,
    isFixed: ({ is_built_in }) => is_built_in,
    editor: (editing) => <Editor tenant={tenant} {...editing} />,
    removal: (it) => ({
      title: t('profiles.remove.title', { name: nameOf(it) }),
      text: t('client_profiles.remove.text'),
      consequences: [t('client_profiles.remove.used')],
      verb: t('profiles.remove.verb'),
      removed: t('profiles.removed', { name: nameOf(it) }),
    }),
    remove: (it) => removeClientProfile(tenant, it),
  });
  const source = useMemo(() => clientProfilesSource(tenant, builtIn), [tenant, builtIn]);
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
    actions,
    empty: {
      icon: <PeopleRegular />,
      title: t('profiles.empty'),
      text: t('profiles.empty.text'),
    },
  };
  return (
    <>
      <List spec={spec} />
      {dialogs}
    </>
  );

  function allowed(profile: ClientProfile): string {
    const flags = FLAGS.filter((flag) => profile[flag] ?? true);
    if (flags.length === 0) return t('client_profiles.nothing');
    return flags.map((flag) => t(`client_profiles.${flag}`)).join(' · ');
  }
}

function Editor(props: Editing<ClientProfile> & { tenant: string }): ReactNode {
  const { item, close } = props;
  const t = useT();
  const toasts = useToasts();
  const form = useItemForm({
    ...props,
    spec: SPEC,
    blank: NEW,
    draftOf: fieldsOf,
    fieldsOf,
    sent: (fields) => fields,
    create: createClientProfile,
    update: updateClientProfile,
    read: readClientProfile,
    saved: ({ name }) => toasts.done(t('profiles.saved', { name })),
  });
  return (
    <FormDialog
      title={t(item ? 'client_profiles.change' : 'client_profiles.new')}
      form={form}
      verb={t(item ? 'action.save' : 'client_profiles.add')}
      close={close}
    />
  );
}
