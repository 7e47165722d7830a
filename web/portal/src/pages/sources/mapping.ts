import type { FieldRule, Mapping, SourceFields } from '../../data/sources';

export type MappedField = keyof Mapping;
export type Kind = SourceFields['connection']['kind'];

/** Fields that are no text: attributes alone give them. */
const NAMES = [
  'external_id',
  'service_marker',
  'disabled_marker',
  'sip_marker',
  'hybrid_marker',
  'photo',
] as const;

export type NamesField = (typeof NAMES)[number];
export type TextField = Exclude<MappedField, NamesField>;

/** Whether rules with transforms may give the field. */
export function isText(field: MappedField): field is TextField {
  return !NAMES.some((one) => one === field);
}

/** The attributes of a directory, as `directory/source/src/mapping/default.rs` has them. */
const DIRECTORY: Mapping = {
  external_id: ['objectGUID', 'entryUUID', 'nsUniqueId', 'ipaUniqueID'],
  sip: ['msRTCSIP-PrimaryUserAddress', 'proxyAddresses'],
  mail: ['mail', 'proxyAddresses'],
  skype: [],
  first_name: ['givenName'],
  last_name: ['sn'],
  display_name: ['displayName', 'cn'],
  company: ['company', 'o'],
  job_title: ['title'],
  office: ['physicalDeliveryOfficeName', 'roomNumber'],
  work_phone: ['telephoneNumber', 'msRTCSIP-Line'],
  work_country: ['co', 'c'],
  work_state: ['st'],
  work_zip_code: ['postalCode'],
  work_city: ['l'],
  work_street: ['streetAddress', 'street'],
  service_marker: ['msRTCSIP-OwnerUrn'],
  disabled_marker: ['userAccountControl', 'nsAccountLock'],
  sip_marker: ['msRTCSIP-UserEnabled'],
  hybrid_marker: ['msRTCSIP-DeploymentLocator'],
  photo: ['thumbnailPhoto', 'jpegPhoto'],
};

/** The columns of a CSV file that come before them. */
const COLUMNS: Mapping = {
  external_id: ['external_id', 'id', 'employee_id', 'employeeNumber'],
  sip: ['sip', 'sip_address'],
  mail: ['mail', 'email', 'e-mail'],
  skype: ['skype'],
  first_name: ['first_name'],
  last_name: ['last_name'],
  display_name: ['display_name', 'name'],
  company: ['company'],
  job_title: ['job_title'],
  office: ['office'],
  work_phone: ['work_phone', 'phone'],
  work_country: ['work_country', 'country'],
  work_state: ['work_state', 'state'],
  work_zip_code: ['work_zip_code', 'zip_code'],
  work_city: ['work_city', 'city'],
  work_street: ['work_street', 'street'],
  service_marker: ['service_urn'],
  disabled_marker: ['is_disabled'],
  sip_marker: ['is_sip_enabled'],
  hybrid_marker: ['is_hybrid'],
  photo: [],
};

const NONE: Mapping = {
  external_id: [],
  sip: [],
  mail: [],
  skype: [],
  first_name: [],
  last_name: [],
  display_name: [],
  company: [],
  job_title: [],
  office: [],
  work_phone: [],
  work_country: [],
  work_state: [],
  work_zip_code: [],
  work_city: [],
  work_street: [],
  service_marker: [],
  disabled_marker: [],
  sip_marker: [],
  hybrid_marker: [],
  photo: [],
};

/** The elements of a person whom Exchange found. */
const EXCHANGE: Mapping = {
  ...NONE,
  external_id: ['Mailbox/EmailAddress'],
  sip: ['ImAddresses/ImAddress1'],
  mail: ['Mailbox/EmailAddress', 'EmailAddresses/EmailAddress1'],
  first_name: ['GivenName'],
  last_name: ['Surname'],
  display_name: ['DisplayName', 'Mailbox/Name'],
  company: ['CompanyName'],
  job_title: ['JobTitle'],
  office: ['OfficeLocation'],
  work_phone: ['PhoneNumbers/BusinessPhone'],
  work_country: ['PhysicalAddresses/Business/CountryOrRegion'],
  work_state: ['PhysicalAddresses/Business/State'],
  work_zip_code: ['PhysicalAddresses/Business/PostalCode'],
  work_city: ['PhysicalAddresses/Business/City'],
  work_street: ['PhysicalAddresses/Business/Street'],
  photo: ['GetUserPhoto'],
};

/** The properties of a user of Microsoft Graph. */
const GRAPH: Mapping = {
  ...NONE,
  external_id: ['id'],
  sip: ['imAddresses', 'proxyAddresses'],
  mail: ['mail', 'proxyAddresses'],
  first_name: ['givenName'],
  last_name: ['surname'],
  display_name: ['displayName'],
  company: ['companyName'],
  job_title: ['jobTitle'],
  office: ['officeLocation'],
  work_phone: ['businessPhones'],
  work_country: ['country'],
  work_state: ['state'],
  work_zip_code: ['postalCode'],
  work_city: ['city'],
  work_street: ['streetAddress'],
  disabled_marker: ['accountEnabled'],
  sip_marker: [],
  hybrid_marker: [],
  photo: ['photo'],
};

/** What UCWA tells of a contact. */
const UCWA: Mapping = {
  ...NONE,
  external_id: ['uri'],
  sip: ['uri'],
  mail: ['emailAddresses'],
  display_name: ['name'],
  company: ['company'],
  job_title: ['title'],
  office: ['office'],
  work_phone: ['workPhoneNumber'],
  photo: ['contactPhoto'],
};

/** Every field that attributes give, in the order of the form. */
export const MAPPED = Object.keys(DIRECTORY) as MappedField[];

/** The mapping of sources that have none of their own. */
export function defaultMapping({ kind, format }: { kind: Kind; format: 'ldif' | 'csv' }): Mapping {
  if (kind === 'exchange') return EXCHANGE;
  if (kind === 'graph') return GRAPH;
  if (kind === 'ucwa') return UCWA;
  if (kind === 'ldap' || format === 'ldif') return DIRECTORY;
  const both = MAPPED.map((field) => {
    const columns: FieldRule[] = COLUMNS[field];
    const others = DIRECTORY[field].filter((name) => !columns.includes(name));
    // A cell of a table holds no photo.
    return [field, field === 'photo' ? [] : [...columns, ...others]];
  });
  return Object.fromEntries(both) as Mapping;
}
