import type { FluentIcon } from '@fluentui/react-icons';
import { ClipboardTaskRegular } from '@fluentui/react-icons/svg/clipboard-task';
import { ContactCardRegular } from '@fluentui/react-icons/svg/contact-card';
import { DatabaseRegular } from '@fluentui/react-icons/svg/database';
import { HistoryRegular } from '@fluentui/react-icons/svg/history';
import { HomeRegular } from '@fluentui/react-icons/svg/home';
import { PeopleRegular } from '@fluentui/react-icons/svg/people';
import { SettingsRegular } from '@fluentui/react-icons/svg/settings';
import type { LinkProps } from '@tanstack/react-router';
import type { PlainKey } from '../i18n/catalogue';
import type { Action } from './rights';

/** An area of a tenant, as the navigation shows it. */
export interface Area {
  label: PlainKey;
  icon: FluentIcon;
  to: LinkProps['to'];
  /** Who may not do this is not shown the area. */
  needs: Action;
  /** Only the page itself counts as being there, not what is below. */
  isExact?: boolean;
}

/** The areas in the order of the navigation. */
export const AREAS: readonly Area[] = [
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
    label: 'users.title',
    icon: PeopleRegular,
    to: '/t/$tenant/users',
    needs: 'manage_users',
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
