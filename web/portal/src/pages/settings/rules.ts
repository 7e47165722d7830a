import type { Rule } from '@switchboard/client';
import type { TenantFields } from '../../data/tenants';
import { linesIn, type Refusal } from '../../parts/form';

const HEADER = /^[\w!#$%&'*+.^`|~-]{1,64}$/;
const ADDRESS = /^https?:\/\/[^\s/]\S*$/;
const ADDRESS_CHARS = 512;
const ADDRESSES = 8;

const URL_RULE: Rule = {
  code: 'format',
  expected: 'an http or https address of at most 512 characters',
};

/** The rules of a tenant beyond its fields' own, as `directory/model/src/tenant.rs` has them. */
export function checkTenant(values: TenantFields): Refusal[] {
  const refusals: Refusal[] = [];
  const require = (holds: boolean, field: keyof TenantFields, rule: Rule): void => {
    if (!holds) refusals.push({ field, rule });
  };
  const internal = linesIn(values.base_api_internal_urls);
  const most: Rule = { code: 'too_long', max: ADDRESSES, unit: 'addresses' };
  require(internal.length <= ADDRESSES, 'base_api_internal_urls', most);
  require(internal.every(isAddress), 'base_api_internal_urls', URL_RULE);
  const external = values.base_api_external_url?.trim();
  require(!external || isAddress(external), 'base_api_external_url', URL_RULE);

  const key = values.header_key?.trim();
  const header: Rule = {
    code: 'format',
    expected: 'the name of an HTTP header, at most 64 characters',
  };
  require(!key || HEADER.test(key), 'header_key', header);
  require(!key || Boolean(values.header_value?.trim()), 'header_value', { code: 'required' });
  return refusals;
}

/** What is sent: without empty lines, and without a value of a header that has no name. */
export function settledTenant(values: TenantFields): TenantFields {
  return {
    ...values,
    name: values.name.trim(),
    base_api_internal_urls: linesIn(values.base_api_internal_urls),
    header_value: values.header_key?.trim() ? values.header_value : null,
  };
}

function isAddress(address: string): boolean {
  return ADDRESS.test(address) && [...address].length <= ADDRESS_CHARS;
}
