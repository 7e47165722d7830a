import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { EditRegular } from '@fluentui/react-icons/svg/edit';
import { PersonAvailableRegular } from '@fluentui/react-icons/svg/person-available';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useMemo, useState } from 'react';
import { type Profile, profilesSource, removeProfile } from '../../data/profiles';
import { useWords } from '../../i18n/context';
import { ConfirmDialog } from '../../parts/ConfirmDialog';
import { List, type ListSpec } from '../../parts/list';
import { PresenceBadge } from '../../parts/PresenceBadge';
import { useToasts } from '../../parts/toasts';
import { lineOf } from './draft';
import { ProfileDialog } from './ProfileDialog';

/** The presence profiles of a tenant. */
export function PresenceProfiles(props: {
  tenant: string;
  mayChange: boolean;
  isAdding: boolean;
  added: () => void;
}): ReactNode {
  const { tenant, mayChange, isAdding, added } = props;
  const { t, language } = useWords();
  const client = useQueryClient();
  const toasts = useToasts();
  const [edited, setEdited] = useState<Profile | null>(null);
  const [removed, setRemoved] = useState<Profile | null>(null);
  const source = useMemo(() => profilesSource(tenant), [tenant]);
  const changed = (): Promise<void> =>
    client.invalidateQueries({ queryKey: ['presence_profiles', tenant] });
  const nameOf = (profile: Profile): string => profile.labels?.[language] ?? profile.name;
  const actions: ListSpec<Profile>['actions'] = (it) =>
    it.is_built_in
      ? []
      : [
          { id: 'edit', label: t('action.edit'), icon: <EditRegular />, act: () => setEdited(it) },
          {
            id: 'remove',
            label: t('action.delete'),
            icon: <DeleteRegular />,
            act: () => setRemoved(it),
          },
        ];
  const spec: ListSpec<Profile> = {
    label: t('profiles.tab'),
    source,
    id: ({ id }) => id,
    name: nameOf,
    columns: [
      {
        id: 'name',
        header: 'profiles.name',
        width: '2fr',
        cell: (it) => <span title={nameOf(it)}>{nameOf(it)}</span>,
      },
      {
        id: 'shows',
        header: 'profiles.shows',
        width: '1.4fr',
        cell: ({ availability }) => (
          <PresenceBadge presence={{ availability, is_out_of_office: false }} />
        ),
      },
      {
        id: 'calls',
        header: 'profiles.calls',
        width: '2.4fr',
        isWide: true,
        cell: (it) => callsText(it),
      },
      {
        id: 'origin',
        header: 'profiles.origin',
        width: '1fr',
        isWide: true,
        cell: ({ is_built_in }) => t(is_built_in ? 'profiles.built_in' : 'profiles.own'),
      },
    ],
    ...(mayChange ? { actions } : {}),
    empty: {
      icon: <PersonAvailableRegular />,
      title: t('profiles.empty'),
      text: t('profiles.empty.text'),
    },
  };
  return (
    <>
      <List spec={spec} />
      {(isAdding || edited) && (
        <ProfileDialog
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
            text: t('profiles.remove.text'),
            consequences: [t('profiles.remove.chosen'), t('profiles.remove.in_it')],
            verb: t('profiles.remove.verb'),
            isDangerous: true,
            act: async () => {
              await removeProfile(tenant, removed);
              toasts.done(t('profiles.removed', { name: nameOf(removed) }));
              await changed();
            },
          }}
        />
      )}
    </>
  );

  function callsText({ status, calls }: Profile): string {
    const { do_not_disturb, forwarding, rings } = calls ?? {};
    const isQuiet = do_not_disturb ?? status === 'unavailable';
    const parts = [
      isQuiet ? t('profiles.calls.quiet') : t('profiles.calls.ring'),
      forwarding?.kind === 'to' ? t('profiles.calls.to', { target: forwarding.target }) : '',
      rings && rings.length > 0 ? rings.map(lineOf).join('; ') : '',
    ];
    return parts.filter(Boolean).join(' · ');
  }
}
