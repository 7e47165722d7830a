import { PersonAvailableRegular } from '@fluentui/react-icons/svg/person-available';
import { type ReactNode, useMemo } from 'react';
import { nameOfProfile, type Profile, profilesSource, removeProfile } from '../../data/profiles';
import type { Translate } from '../../i18n/catalogue';
import { useWords, type Words } from '../../i18n/context';
import { List, type ListSpec } from '../../parts/list';
import { PresenceBadge } from '../../parts/PresenceBadge';
import { useManaged } from '../../parts/useManaged';
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
  const words = useWords();
  const { t, language } = words;
  const nameOf = (profile: Profile): string => nameOfProfile(language, profile);
  const { actions, dialogs } = useManaged<Profile>({
    lists: ['presence_profiles', tenant],
    isAdding,
    added,
    isFixed: ({ is_built_in }) => is_built_in,
    editor: (editing) => <ProfileDialog tenant={tenant} {...editing} />,
    removal: (it) => ({
      title: t('profiles.remove.title', { name: nameOf(it) }),
      text: t('profiles.remove.text'),
      consequences: [t('profiles.remove.chosen'), t('profiles.remove.in_it')],
      verb: t('profiles.remove.verb'),
      removed: t('profiles.removed', { name: nameOf(it) }),
    }),
    remove: (it) => removeProfile(tenant, it),
  });
  const source = useMemo(() => profilesSource(tenant, language), [tenant, language]);
  const spec: ListSpec<Profile> = {
    label: t('profiles.tab'),
    source,
    id: ({ id }) => id,
    name: nameOf,
    columns: columnsOf(words),
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
      {dialogs}
    </>
  );
}

/** What is told of each. */
function columnsOf({ t, language }: Words): ListSpec<Profile>['columns'] {
  const nameOf = (profile: Profile): string => nameOfProfile(language, profile);
  return [
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
      cell: (it) => callsText(t, it),
    },
    {
      id: 'origin',
      header: 'profiles.origin',
      width: '1fr',
      isWide: true,
      cell: ({ is_built_in }) => t(is_built_in ? 'profiles.built_in' : 'profiles.own'),
    },
  ];
}

/** What a profile does to calls. */
function callsText(t: Translate, { status, calls }: Profile): string {
  const { do_not_disturb, forwarding, rings } = calls ?? {};
  const isQuiet = do_not_disturb ?? status === 'unavailable';
  const parts = [
    isQuiet ? t('profiles.calls.quiet') : t('profiles.calls.ring'),
    forwarding?.kind === 'to' ? t('profiles.calls.to', { target: forwarding.target }) : '',
    rings && rings.length > 0 ? rings.map(lineOf).join('; ') : '',
  ];
  return parts.filter(Boolean).join(' · ');
}
