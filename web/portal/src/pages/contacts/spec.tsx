import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { groupsToChooseQuery, sitesToChooseQuery } from '../../data/choices';
import type { ContactFields } from '../../data/contacts';
import { useT } from '../../i18n/context';
import type { Choice, FieldSpec, FormSpec, Refusal } from '../../parts/form';
import { HolderLink } from './HolderLink';
import { checkContact } from './rules';
import type { Notes } from './usePins';

const ADDRESS_CHARS = 326;

const NO_NOTES: Notes = {};

const ADDRESSES: FieldSpec<ContactFields>[] = [
  { kind: 'text', name: 'sip', label: 'contact.sip', help: 'contact.sip.help', max: ADDRESS_CHARS },
  {
    kind: 'text',
    name: 'mail',
    label: 'contact.mail',
    help: 'contact.mail.help',
    max: ADDRESS_CHARS,
    type: 'email',
  },
  {
    kind: 'text',
    name: 'skype',
    label: 'contact.skype',
    help: 'contact.skype.help',
    max: ADDRESS_CHARS,
  },
];

const NAMES: FieldSpec<ContactFields>[] = [
  {
    kind: 'text',
    name: 'first_name',
    label: 'contact.first_name',
    help: 'contact.first_name.help',
    max: 128,
  },
  {
    kind: 'text',
    name: 'last_name',
    label: 'contact.last_name',
    help: 'contact.last_name.help',
    max: 128,
  },
  {
    kind: 'text',
    name: 'display_name',
    label: 'contact.display_name',
    help: 'contact.display_name.help',
    max: 256,
  },
];

const isService = (values: ContactFields): boolean => values.is_ucma_endpoint;

const BEHAVIOUR: FieldSpec<ContactFields>[] = [
  { kind: 'switch', name: 'is_vcard_enabled', label: 'contact.vcard', help: 'contact.vcard.help' },
  {
    kind: 'switch',
    name: 'can_be_contacted_on_busy',
    label: 'contact.on_busy',
    help: 'contact.on_busy.help',
  },
  {
    kind: 'switch',
    name: 'is_contactable_through_consumer_skype',
    label: 'contact.through_skype',
    help: 'contact.through_skype.help',
  },
];

const WORK: FieldSpec<ContactFields>[] = [
  {
    kind: 'text',
    name: 'company',
    label: 'contact.company',
    help: 'contact.company.help',
    max: 256,
  },
  {
    kind: 'text',
    name: 'job_title',
    label: 'contact.job_title',
    help: 'contact.job_title.help',
    max: 256,
  },
  { kind: 'text', name: 'office', label: 'contact.office', help: 'contact.office.help', max: 256 },
  {
    kind: 'text',
    name: 'work_phone',
    label: 'contact.work_phone',
    help: 'contact.work_phone.help',
    max: 64,
    type: 'tel',
  },
  {
    kind: 'text',
    name: 'work_street',
    label: 'contact.work_street',
    help: 'contact.work_street.help',
    max: 256,
  },
  {
    kind: 'text',
    name: 'work_zip_code',
    label: 'contact.work_zip_code',
    help: 'contact.work_zip_code.help',
    max: 40,
  },
  {
    kind: 'text',
    name: 'work_city',
    label: 'contact.work_city',
    help: 'contact.work_city.help',
    max: 128,
  },
  {
    kind: 'text',
    name: 'work_state',
    label: 'contact.work_state',
    help: 'contact.work_state.help',
    max: 128,
  },
  {
    kind: 'text',
    name: 'work_country',
    label: 'contact.work_country',
    help: 'contact.work_country.help',
    max: 128,
  },
];

/** What only services have, and what only persons have. */
function kindFields(groups: Choice[], nobody: string): FieldSpec<ContactFields>[] {
  return [
    { kind: 'switch', name: 'is_ucma_endpoint', label: 'contact.ucma', help: 'contact.ucma.help' },
    {
      kind: 'switch',
      name: 'is_hybrid',
      label: 'contact.hybrid',
      help: 'contact.hybrid.help',
      isDisabled: isService,
    },
    {
      kind: 'switch',
      name: 'is_display_name_overwrite_enabled',
      label: 'contact.overwrite',
      help: 'contact.overwrite.help',
      isDisabled: (values) => !isService(values),
    },
    {
      kind: 'text',
      name: 'service_display_name',
      label: 'contact.service_display_name',
      help: 'contact.service_display_name.help',
      max: 256,
      isShown: isService,
    },
    {
      kind: 'choice',
      name: 'staffed_by',
      label: 'contact.staffed_by',
      help: 'contact.staffed_by.help',
      choices: groups,
      none: nobody,
      isShown: isService,
    },
  ];
}

/** The form of a contact. */
export function useContactSpec(
  tenant: string,
  isNew: boolean,
  notes: Notes = NO_NOTES,
): FormSpec<ContactFields> {
  const t = useT();
  const { data: sites } = useQuery(sitesToChooseQuery(tenant));
  const { data: groups } = useQuery(groupsToChooseQuery(tenant));
  return useMemo(() => {
    const site: FieldSpec<ContactFields> = {
      kind: 'choice',
      name: 'home_site',
      label: 'contact.home_site',
      help: 'contact.home_site.help',
      none: t('value.none'),
      choices: (sites ?? []).map(({ id, name }) => ({ value: id, label: name ?? '' })),
    };
    const disabled: FieldSpec<ContactFields> = {
      kind: 'switch',
      name: 'is_disabled',
      label: 'contact.disabled',
      help: 'contact.disabled.help',
    };
    const addresses = ADDRESSES.map((field) => ({ ...field, aid: holderOf(tenant, field.name) }));
    const staff = (groups ?? []).map(({ id, name }) => ({ value: id, label: name ?? '' }));
    const check = (values: ContactFields): Refusal[] => checkContact(values);
    return {
      check,
      sections: [
        {
          title: 'contact.section.addresses',
          fields: [...noted([...addresses, ...NAMES], notes), site],
        },
        {
          title: 'contact.section.behaviour',
          fields: [
            ...BEHAVIOUR,
            ...kindFields(staff, t('value.none')),
            ...(isNew ? [] : [disabled]),
          ],
        },
        { title: 'contact.section.work', fields: noted(WORK, notes) },
      ],
    };
  }, [t, tenant, sites, groups, isNew, notes]);
}

/** The fields, each with what is said about it. */
function noted(fields: FieldSpec<ContactFields>[], notes: Notes): FieldSpec<ContactFields>[] {
  return fields.map((field) => {
    const note = notes[field.name];
    return note ? { ...field, note } : field;
  });
}

/** Who has an address that was refused for being taken. */
function holderOf(tenant: string, kind: string): NonNullable<FieldSpec<ContactFields>['aid']> {
  return ({ code }, address) => {
    const isTaken = code === 'text' && typeof address === 'string';
    return isTaken && (kind === 'sip' || kind === 'mail' || kind === 'skype') ? (
      <HolderLink tenant={tenant} kind={kind} address={address} />
    ) : null;
  };
}
