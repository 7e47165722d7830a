import type { Rule } from '@switchboard/client';
import type { ContactFields } from '../../data/contacts';
import type { Refusal } from '../../parts/form';

const EXPECTED = {
  sip: 'a SIP address such as sip:anna@example.com',
  mail: 'a mail address such as anna@example.com',
  skype: 'a Skype name without spaces, such as live:anna',
} as const;

const SCHEMES = { sip: /^sips?:/i, mail: /^(mailto|smtp):/i, skype: /^skype:/i } as const;

type Address = keyof typeof EXPECTED;

/** The rules of a contact beyond its fields' own, as `directory/model/src/contact.rs` has them. */
export function checkContact(values: ContactFields): Refusal[] {
  const refusals: Refusal[] = [];
  const require = (holds: boolean, field: keyof ContactFields, rule: Rule): void => {
    if (!holds) refusals.push({ field, rule });
  };
  for (const kind of ['sip', 'mail', 'skype'] as const) {
    const address = values[kind]?.trim();
    const isFine = !address || isAddress(kind, address);
    require(isFine, kind, { code: 'format', expected: EXPECTED[kind] });
  }
  require(hasName(values), 'display_name', { code: 'required' });

  const overwrite = values.is_display_name_overwrite_enabled;
  const name = Boolean(values.service_display_name?.trim());
  if (values.is_ucma_endpoint) {
    require(!values.is_hybrid, 'is_hybrid', { code: 'only_for_persons' });
    const field = 'is_display_name_overwrite_enabled';
    require(!overwrite || name, field, { code: 'needs', other: 'service_display_name' });
  } else {
    require(!overwrite, 'is_display_name_overwrite_enabled', { code: 'only_for_services' });
  }
  const hasSkype = Boolean(values.skype?.trim() || values.sip?.trim());
  const through = values.is_contactable_through_consumer_skype;
  const skype = 'is_contactable_through_consumer_skype';
  require(!through || hasSkype, skype, { code: 'needs', other: 'skype' });
  return refusals;
}

/** What a person may not have goes when the contact is one, and the other way round. */
export function settled(values: ContactFields): ContactFields {
  return values.is_ucma_endpoint
    ? { ...values, is_hybrid: false }
    : {
        ...values,
        is_display_name_overwrite_enabled: false,
        service_display_name: null,
        staffed_by: null,
      };
}

function hasName(values: ContactFields): boolean {
  const { display_name, first_name, last_name, mail, sip, skype } = values;
  const isNamed = values.is_ucma_endpoint && values.is_display_name_overwrite_enabled;
  const names = [display_name, first_name, last_name, mail, sip, skype];
  return [...names, isNamed ? values.service_display_name : null].some((name) => name?.trim());
}

function isAddress(kind: Address, address: string): boolean {
  let bare = address.replace(SCHEMES[kind], '');
  if (kind === 'sip') bare = bare.split(/[;?]/)[0] ?? bare;
  if (!bare || /[\s<>"\\,]/.test(bare)) return false;
  if (kind === 'skype') return true;
  const [local, domain, ...rest] = bare.split('@');
  return Boolean(local && domain) && rest.length === 0 && !/^[.-]|[.-]$|\.\./.test(domain ?? '');
}
