import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { mayIn } from '../../app/rights';
import { useSession } from '../../app/session';
import { resellersToChooseQuery } from '../../data/resellers';
import type { TenantFields } from '../../data/tenants';
import { useT } from '../../i18n/context';
import { type FieldSpec, type FormSpec, LinesInput, type SectionSpec } from '../../parts/form';
import { checkTenant } from './rules';

type Fields = FieldSpec<TenantFields>[];

const LICENCES = 4_294_967_295;
const MODALITIES = ['chat', 'audio', 'video', 'phone', 'mail'] as const;

const GENERAL: Fields = [
  {
    kind: 'text',
    name: 'name',
    label: 'settings.name',
    help: 'settings.name.help',
    max: 128,
    isRequired: true,
    isPlain: true,
  },
  { kind: 'text', name: 'company_name', label: 'settings.company_name', max: 256 },
];

const CONVERSATIONS: Fields = [
  {
    kind: 'switch',
    name: 'is_participants_shown',
    label: 'settings.participants',
    help: 'settings.participants.help',
  },
  {
    kind: 'switch',
    name: 'is_chat_history_sent',
    label: 'settings.history_sent',
    help: 'settings.history_sent.help',
  },
];

const PRIVACY: Fields = [
  {
    kind: 'switch',
    name: 'is_chat_history_saved',
    label: 'settings.history_saved',
    help: 'settings.history_saved.help',
  },
  {
    kind: 'switch',
    name: 'is_client_ip_saved',
    label: 'settings.ip_saved',
    help: 'settings.ip_saved.help',
  },
  {
    kind: 'switch',
    name: 'is_no_history',
    label: 'settings.no_history',
    help: 'settings.no_history.help',
  },
];

const SIGN_IN: Fields = [
  {
    kind: 'switch',
    name: 'is_second_factor_required',
    label: 'settings.factor',
    help: 'settings.factor.help',
  },
];

const ADDRESSES: Fields = [
  {
    kind: 'text',
    name: 'base_api_external_url',
    label: 'settings.external_url',
    help: 'settings.external_url.help',
    max: 512,
    type: 'url',
  },
  {
    kind: 'custom',
    name: 'base_api_internal_urls',
    label: 'settings.internal_urls',
    help: 'settings.internal_urls.help',
    render: (props) => <LinesInput {...props} />,
  },
  {
    kind: 'text',
    name: 'header_key',
    label: 'settings.header_key',
    help: 'settings.header_key.help',
    max: 64,
  },
  {
    kind: 'text',
    name: 'header_value',
    label: 'settings.header_value',
    help: 'settings.header_value.help',
    max: 1024,
    isDisabled: ({ header_key }) => !header_key?.trim(),
  },
  { kind: 'switch', name: 'is_cors_disabled', label: 'settings.cors', help: 'settings.cors.help' },
];

function syncFields(isOwn: boolean): Fields {
  return [
    {
      kind: 'switch',
      name: 'is_directory_sync_enabled',
      label: 'settings.sync',
      help: isOwn ? 'settings.sync.help' : 'settings.sync.own',
      isDisabled: () => !isOwn,
    },
    {
      kind: 'switch',
      name: 'is_auto_sync_on_adding_enabled',
      label: 'settings.auto_sync',
      help: 'settings.auto_sync.help',
    },
  ];
}

/** What profiles do; without licences there are none. */
const PROFILES: Fields = [
  {
    kind: 'switch',
    name: 'follows_meetings',
    label: 'settings.follows_meetings',
    help: 'settings.follows_meetings.help',
    isShown: isLicensed,
  },
  {
    kind: 'switch',
    name: 'has_extension_lists',
    label: 'settings.extension_lists',
    help: 'settings.extension_lists.help',
    isShown: isLicensed,
  },
];

function isLicensed({ client_licences }: TenantFields): boolean {
  return client_licences > 0;
}

/** The form of a tenant; who may not set something is not asked for it. */
export function useTenantSpec(tenant: string | null): FormSpec<TenantFields> {
  const t = useT();
  const { grants, tenant: home } = useSession();
  const isPlatform = grants.some(({ scope }) => scope.kind === 'platform');
  const isAbove = isPlatform || grants.some(({ scope }) => scope.kind === 'reseller');
  // A tenant that is being made has no administrators yet: whoever makes it decides.
  const isOwn = tenant === null || mayIn(grants, home, tenant, 'change_tenant_settings');
  const { data: resellers } = useQuery({ ...resellersToChooseQuery, enabled: isPlatform });
  return useMemo(() => {
    const reseller: FieldSpec<TenantFields> = {
      kind: 'choice',
      name: 'reseller',
      label: 'settings.reseller',
      none: t('settings.reseller.none'),
      choices: (resellers ?? []).map(({ id, name }) => ({ value: id, label: name ?? '' })),
    };
    const platform: Fields = [
      ...(isPlatform ? [reseller] : []),
      {
        kind: 'number',
        name: 'client_licences',
        label: 'settings.client_licences',
        help: 'settings.client_licences.help',
        min: 0,
        max: LICENCES,
      },
      {
        kind: 'switch',
        name: 'is_disabled',
        label: 'settings.disabled',
        help: 'settings.disabled.help',
      },
    ];
    const reach: Fields = [
      {
        kind: 'several',
        name: 'modalities',
        label: 'settings.modalities',
        help: 'settings.modalities.help',
        choices: MODALITIES.map((value) => ({ value, label: t(`modality.${value}`) })),
      },
      {
        kind: 'switch',
        name: 'is_reachable_when_away',
        label: 'settings.when_away',
        help: 'settings.when_away.help',
      },
      {
        kind: 'switch',
        name: 'is_vcard_enabled',
        label: 'settings.vcard',
        help: 'settings.vcard.help',
      },
    ];
    const sections: SectionSpec<TenantFields>[] = [
      { title: 'settings.section.general', fields: GENERAL },
      ...(isAbove ? [{ title: 'settings.section.platform', fields: platform } as const] : []),
      { title: 'settings.section.sync', fields: syncFields(isOwn) },
      { title: 'settings.section.reach', fields: reach },
      { title: 'settings.section.profiles', fields: PROFILES },
      { title: 'settings.section.conversations', fields: CONVERSATIONS },
      { title: 'settings.section.privacy', fields: PRIVACY },
      { title: 'settings.section.sign_in', fields: SIGN_IN },
      { title: 'settings.section.addresses', fields: ADDRESSES },
    ];
    return { sections, check: checkTenant };
  }, [t, resellers, isPlatform, isAbove, isOwn]);
}
