import { AddRegular } from '@fluentui/react-icons/svg/add';
import { BuildingRegular } from '@fluentui/react-icons/svg/building';
import { DarkThemeRegular } from '@fluentui/react-icons/svg/dark-theme';
import { LocalLanguageRegular } from '@fluentui/react-icons/svg/local-language';
import { PersonRegular } from '@fluentui/react-icons/svg/person';
import { RocketRegular } from '@fluentui/react-icons/svg/rocket';
import { SearchRegular } from '@fluentui/react-icons/svg/search';
import { SignOutRegular } from '@fluentui/react-icons/svg/sign-out';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type NavigateOptions, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { matches } from '../app/matches';
import type { Action } from '../app/rights';
import { useMay } from '../app/session';
import { changeSettings, THEMES } from '../app/settings';
import { findContacts, findSites } from '../data/choices';
import type { PlainKey } from '../i18n/catalogue';
import { LANGUAGE_NAMES, LANGUAGES } from '../i18n/catalogue';
import { useT } from '../i18n/context';
import { Initials } from '../parts/Initials';
import { usePaused } from '../parts/usePaused';
import { useSignOut } from '../parts/useSignOut';
import { useAreas } from './useAreas';

/** Something that can be gone to or done. */
export interface Entry {
  id: string;
  name: string;
  hint?: string;
  icon: ReactNode;
  act: () => void;
}

/** Entries of one kind. */
export interface Section {
  label: string;
  entries: Entry[];
}

/** How long somebody may pause while they write, in milliseconds. */
const PAUSE_MS = 40;
/** How many contacts and sites are offered. */
const OFFERED = 7;

/** What can be added, where, and by whom. */
const ADDS: readonly { label: PlainKey; to: NavigateOptions['to']; needs: Action }[] = [
  { label: 'contacts.new', to: '/t/$tenant/contacts/new', needs: 'manage_contacts' },
  { label: 'sites.new', to: '/t/$tenant/sites/new', needs: 'manage_sites' },
  { label: 'publications.new', to: '/t/$tenant/publications/new', needs: 'manage_publications' },
  { label: 'sources.new', to: '/t/$tenant/sources/new', needs: 'manage_sources' },
  { label: 'users.new', to: '/t/$tenant/users/new', needs: 'manage_users' },
  { label: 'setup.title', to: '/t/$tenant/setup', needs: 'manage_users' },
];

/** What fits the words, for the tenant that is looked at and the rights of the one who asks. */
export function useEntries(words: string): { sections: Section[]; isLoading: boolean } {
  const t = useT();
  const reach = useAreas();
  const { tenant } = reach;
  const pages = usePages(reach).filter(({ name }) => matches(name, words));
  const actions = useActions(tenant).filter(({ name, hint }) =>
    matches(`${name} ${hint ?? ''}`, words),
  );
  const found = useFound(tenant, words);
  const sections = [
    { label: t('palette.contacts'), entries: found.contacts },
    { label: t('palette.sites'), entries: found.sites },
    { label: t('palette.pages'), entries: pages },
    { label: t('palette.actions'), entries: actions },
  ];
  return {
    sections: sections.filter(({ entries }) => entries.length > 0),
    isLoading: found.isLoading,
  };
}

function usePages({ tenant, above, areas }: ReturnType<typeof useAreas>): Entry[] {
  const t = useT();
  const navigate = useNavigate();
  return [
    ...[...areas, ...above].map(({ label, icon: Icon, to }) => ({
      id: label,
      name: t(label),
      icon: <Icon />,
      act: () => void navigate({ to, params: { tenant } } as NavigateOptions),
    })),
    {
      id: 'account',
      name: t('account.title'),
      icon: <PersonRegular />,
      act: () => void navigate({ to: '/account' }),
    },
  ];
}

function useActions(tenant: string | null): Entry[] {
  const t = useT();
  const navigate = useNavigate();
  const may = useMay(tenant ?? '');
  const mayAbove = useMay('');
  const leave = useSignOut();
  return [
    ...ADDS.filter(({ needs }) => tenant && may(needs)).map(({ label, to }) => ({
      id: label,
      name: t(label),
      icon: <AddRegular />,
      act: () => void navigate({ to, params: { tenant } } as NavigateOptions),
    })),
    ...(mayAbove('manage_tenants')
      ? [
          {
            id: 'setup.new',
            name: t('setup.new'),
            icon: <RocketRegular />,
            act: () => void navigate({ to: '/tenants/new', search: { next: 'setup' as const } }),
          },
        ]
      : []),
    ...THEMES.map((theme) => ({
      id: `theme ${theme}`,
      name: t('palette.theme', { theme: t(`account.theme.${theme}`) }),
      icon: <DarkThemeRegular />,
      act: () => changeSettings({ theme }),
    })),
    ...LANGUAGES.map((language) => ({
      id: `language ${language}`,
      name: t('palette.language', { language: LANGUAGE_NAMES[language] }),
      icon: <LocalLanguageRegular />,
      act: () => changeSettings({ language }),
    })),
    {
      id: 'sign out',
      name: t('account.sign_out'),
      icon: <SignOutRegular />,
      act: () => void leave(),
    },
  ];
}

/** Contacts and sites, asked for once somebody pauses; what is no longer wanted is aborted. */
function useFound(
  tenant: string | null,
  words: string,
): { contacts: Entry[]; sites: Entry[]; isLoading: boolean } {
  const t = useT();
  const navigate = useNavigate();
  const may = useMay(tenant ?? '');
  const q = usePaused(words, PAUSE_MS);
  const isAsked = tenant !== null && q !== '';
  const of = tenant ?? '';
  const contacts = useQuery({
    queryKey: ['contacts', of, 'palette', q],
    // One more than is offered tells that there are more.
    queryFn: ({ signal }) => findContacts(of, q, OFFERED + 1, signal),
    enabled: isAsked && may('read_contacts'),
    placeholderData: keepPreviousData,
  });
  const sites = useQuery({
    queryKey: ['sites', of, 'palette', q],
    queryFn: ({ signal }) => findSites(of, q, OFFERED, signal),
    enabled: isAsked && may('read_sites'),
    placeholderData: keepPreviousData,
  });
  if (!isAsked || tenant === null || words === '') {
    return { contacts: [], sites: [], isLoading: false };
  }
  const items = contacts.data ?? [];
  const entries: Entry[] = items.slice(0, OFFERED).map((it) => ({
    id: it.id,
    name: it.shown_name,
    hint: it.mail ?? it.sip ?? '',
    icon: <Initials name={it.shown_name} isSquare={it.is_ucma_endpoint ?? false} />,
    act: () =>
      void navigate({ to: '/t/$tenant/contacts/$contact', params: { tenant, contact: it.id } }),
  }));
  if (items.length > OFFERED) {
    entries.push({
      id: 'all',
      name: t('palette.list', { q }),
      icon: <SearchRegular />,
      act: () => void navigate({ to: '/t/$tenant/contacts', params: { tenant }, search: { q } }),
    });
  }
  return {
    contacts: entries,
    sites: (sites.data ?? []).map((it) => ({
      id: it.id,
      name: it.name,
      hint: it.city ?? '',
      icon: <BuildingRegular />,
      act: () => void navigate({ to: '/t/$tenant/sites/$site', params: { tenant, site: it.id } }),
    })),
    isLoading: (contacts.isFetching || sites.isFetching) && items.length === 0,
  };
}
