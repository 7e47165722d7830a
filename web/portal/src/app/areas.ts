import type { FluentIcon } from '@fluentui/react-icons';
import { AlertRegular } from '@fluentui/react-icons/svg/alert';
import { BuildingRegular } from '@fluentui/react-icons/svg/building';
import { BuildingShopRegular } from '@fluentui/react-icons/svg/building-shop';
import { ClipboardTaskRegular } from '@fluentui/react-icons/svg/clipboard-task';
import { ContactCardRegular } from '@fluentui/react-icons/svg/contact-card';
import { DatabaseRegular } from '@fluentui/react-icons/svg/database';
import { DesignIdeasRegular } from '@fluentui/react-icons/svg/design-ideas';
import { GlobeRegular } from '@fluentui/react-icons/svg/globe';
import { HistoryRegular } from '@fluentui/react-icons/svg/history';
import { HomeRegular } from '@fluentui/react-icons/svg/home';
import { KeyRegular } from '@fluentui/react-icons/svg/key';
import { MailInboxRegular } from '@fluentui/react-icons/svg/mail-inbox';
import { OrganizationRegular } from '@fluentui/react-icons/svg/organization';
import { PeopleRegular } from '@fluentui/react-icons/svg/people';
import { PeopleSettingsRegular } from '@fluentui/react-icons/svg/people-settings';
import { PeopleTeamRegular } from '@fluentui/react-icons/svg/people-team';
import { PersonAvailableRegular } from '@fluentui/react-icons/svg/person-available';
import { PersonStarRegular } from '@fluentui/react-icons/svg/person-star';
import { PhoneLaptopRegular } from '@fluentui/react-icons/svg/phone-laptop';
import { ServerRegular } from '@fluentui/react-icons/svg/server';
import { SettingsRegular } from '@fluentui/react-icons/svg/settings';
import { WebAssetRegular } from '@fluentui/react-icons/svg/web-asset';
import type { LinkProps } from '@tanstack/react-router';
import type { PlainKey } from '../i18n/catalogue';
import type { Action } from './rights';

/** An area of a tenant or above tenants, as the navigation shows it. */
export interface Area {
  label: PlainKey;
  icon: FluentIcon;
  to: LinkProps['to'];
  /** Who may not do this is not shown the area. */
  needs: Action;
  /** Only the page itself counts as being there, not what is below. */
  isExact?: boolean;
  /** Only a tenant with client licences has it. */
  isLicensed?: boolean;
}

/** The areas above tenants, in the order of the navigation. */
const ABOVE: readonly Area[] = [
  {
    label: 'tenants.title',
    icon: OrganizationRegular,
    to: '/tenants',
    needs: 'manage_tenants',
  },
  {
    label: 'resellers.title',
    icon: BuildingShopRegular,
    to: '/resellers',
    needs: 'manage_platform',
  },
  {
    label: 'users.platform',
    icon: PeopleSettingsRegular,
    to: '/users',
    needs: 'manage_platform',
  },
  {
    label: 'system.title',
    icon: ServerRegular,
    to: '/system',
    needs: 'manage_platform',
  },
];

/** The areas of a tenant, in the order of the navigation. */
const AREAS: readonly Area[] = [
  {
    label: 'home.title',
    icon: HomeRegular,
    to: '/t/$tenant',
    needs: 'read_tenant',
    isExact: true,
  },
  {
    label: 'contacts.title',
    icon: ContactCardRegular,
    to: '/t/$tenant/contacts',
    needs: 'read_contacts',
  },
  {
    label: 'groups.title',
    icon: PeopleTeamRegular,
    to: '/t/$tenant/groups',
    needs: 'read_groups',
  },
  {
    label: 'sites.title',
    icon: BuildingRegular,
    to: '/t/$tenant/sites',
    needs: 'read_sites',
  },
  {
    label: 'publications.title',
    icon: WebAssetRegular,
    to: '/t/$tenant/publications',
    needs: 'read_publications',
  },
  {
    label: 'templates.title',
    icon: DesignIdeasRegular,
    to: '/t/$tenant/templates',
    needs: 'read_publications',
  },
  {
    label: 'enquiries.title',
    icon: MailInboxRegular,
    to: '/t/$tenant/enquiries',
    needs: 'read_enquiries',
  },
  {
    label: 'domains.title',
    icon: GlobeRegular,
    to: '/t/$tenant/domains',
    needs: 'read_domains',
  },
  {
    label: 'sources.title',
    icon: DatabaseRegular,
    to: '/t/$tenant/sources',
    needs: 'read_sources',
  },
  {
    label: 'runs.title',
    icon: HistoryRegular,
    to: '/t/$tenant/runs',
    needs: 'read_sources',
  },
  {
    label: 'alerts.title',
    icon: AlertRegular,
    to: '/t/$tenant/alerts',
    needs: 'read_sources',
  },
  {
    label: 'presence.rules.title',
    icon: PersonAvailableRegular,
    to: '/t/$tenant/presence',
    needs: 'read_tenant',
  },
  {
    label: 'profiles.title',
    icon: PersonStarRegular,
    to: '/t/$tenant/profiles',
    needs: 'read_users',
    isLicensed: true,
  },
  {
    label: 'clients.title',
    icon: PhoneLaptopRegular,
    to: '/t/$tenant/clients',
    needs: 'read_users',
    isLicensed: true,
  },
  {
    label: 'users.title',
    icon: PeopleRegular,
    to: '/t/$tenant/users',
    needs: 'manage_users',
  },
  {
    label: 'providers.title',
    icon: KeyRegular,
    to: '/t/$tenant/identity-providers',
    needs: 'change_tenant_settings',
  },
  {
    label: 'audit.title',
    icon: ClipboardTaskRegular,
    to: '/t/$tenant/audit',
    needs: 'read_audit',
  },
  {
    label: 'settings.title',
    icon: SettingsRegular,
    to: '/t/$tenant/settings',
    needs: 'change_tenant',
  },
];

/** The areas above tenants of somebody who may do so much. */
export function areasAbove(may: (action: Action) => boolean): Area[] {
  return ABOVE.filter(({ needs }) => may(needs));
}

/** The areas of a tenant, with or without client licences, of somebody who may do so much there. */
export function areasOfTenant(may: (action: Action) => boolean, hasLicences: boolean): Area[] {
  return AREAS.filter(({ needs, isLicensed }) => may(needs) && (hasLicences || !isLicensed));
}
