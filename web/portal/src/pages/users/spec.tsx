import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useMay } from '../../app/session';
import { clientProfilesQuery, nameOfClientProfile } from '../../data/profiles';
import { tenantQuery } from '../../data/tenants';
import type { UserFields } from '../../data/users';
import { useT } from '../../i18n/context';
import type { FieldSpec, FormSpec, Refusal } from '../../parts/form';
import { ContactPicker } from './ContactPicker';

const ACCOUNT: FieldSpec<UserFields>[] = [
  {
    kind: 'text',
    name: 'name',
    label: 'users.name',
    help: 'user.name.help',
    max: 128,
    isRequired: true,
    isPlain: true,
    autoComplete: 'off',
  },
  { kind: 'text', name: 'upn', label: 'user.upn', help: 'user.upn.help', max: 326 },
];

const PERSON: FieldSpec<UserFields>[] = [
  { kind: 'text', name: 'first_name', label: 'user.first_name', max: 128 },
  { kind: 'text', name: 'last_name', label: 'user.last_name', max: 128 },
  { kind: 'text', name: 'mail', label: 'user.mail', max: 326, type: 'email' },
];

const DISABLED: FieldSpec<UserFields> = {
  kind: 'switch',
  name: 'is_disabled',
  label: 'user.disabled',
  help: 'user.disabled.help',
};

const CLIENT: FieldSpec<UserFields> = {
  kind: 'switch',
  name: 'is_client_allowed',
  label: 'user.client',
  help: 'user.client.help',
};

/** The rules of a user beyond its fields' own, as `directory/model/src/user.rs` has them. */
export function checkUser({ name, mail }: UserFields): Refusal[] {
  const refusals: Refusal[] = [];
  const length = [...name.trim()].length;
  if (length === 1) refusals.push({ field: 'name', rule: { code: 'too_short', min: 2 } });
  const address = mail?.trim().replace(/^(mailto|smtp):/i, '');
  if (address && !/^[^\s@<>"\\,]+@[^\s@<>"\\,]+$/.test(address)) {
    const expected = 'a mail address such as anna@example.com';
    refusals.push({ field: 'mail', rule: { code: 'format', expected } });
  }
  return refusals;
}

/** What cannot be changed: of oneself the account, but not what one is called. */
export type Fixed = 'nothing' | 'account' | 'all';

/** What everybody who manages users may change of oneself. */
const OWN = new Set<keyof UserFields>(['first_name', 'last_name']);

/** The form of a user. */
export function useUserSpec(options: {
  tenant: string;
  /** Whether it is asked for, too, if the user may sign in: not of somebody new, nor of oneself. */
  hasSwitch: boolean;
  /** Whether it is asked for, too, if the user may use clients: not of oneself, nor of the platform's. */
  hasClient: boolean;
  fixed?: Fixed;
}): FormSpec<UserFields> {
  const { tenant, hasSwitch, hasClient, fixed = 'nothing' } = options;
  // A tenant without licences is not asked who may use them.
  const licences = useQuery({ ...tenantQuery(tenant), enabled: hasClient });
  const isLicensed = hasClient && (licences.data?.client_licences ?? 0) > 0;
  const profiles = useQuery({ ...clientProfilesQuery(tenant), enabled: isLicensed });
  const t = useT();
  const mayLink = useMay(tenant)('read_contacts');
  return useMemo(() => {
    const contact: FieldSpec<UserFields> = {
      kind: 'custom',
      name: 'contact',
      label: 'user.contact',
      help: 'user.contact.help',
      render: (props) => <ContactPicker tenant={tenant} {...props} />,
    };
    const clientProfile: FieldSpec<UserFields> = {
      kind: 'choice',
      name: 'client_profile',
      label: 'user.client_profile',
      help: 'user.client_profile.help',
      isShown: ({ is_client_allowed }) => is_client_allowed,
      choices: (profiles.data ?? []).map((it) => ({
        value: it.id,
        label: nameOfClientProfile(t('client_profiles.default'), it),
      })),
    };
    const kept = (fields: FieldSpec<UserFields>[]): FieldSpec<UserFields>[] =>
      fields.map((field) =>
        fixed === 'all' || (fixed === 'account' && !OWN.has(field.name))
          ? { ...field, isDisabled: () => true }
          : field,
      );
    return {
      check: checkUser,
      sections: [
        {
          title: 'user.section.account',
          fields: kept([
            ...ACCOUNT,
            ...(isLicensed ? [CLIENT, clientProfile] : []),
            ...(hasSwitch ? [DISABLED] : []),
          ]),
        },
        { title: 'user.section.person', fields: kept([...PERSON, ...(mayLink ? [contact] : [])]) },
      ],
    };
  }, [tenant, hasSwitch, isLicensed, fixed, mayLink, profiles.data, t]);
}
