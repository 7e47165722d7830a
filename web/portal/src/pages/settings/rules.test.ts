import { describe, expect, it } from 'vitest';
import { NO_TENANT, type TenantFields } from '../../data/tenants';
import { checkTenant, settledTenant } from './rules';

function refused(fields: Partial<TenantFields>): string[] {
  return checkTenant({ ...NO_TENANT, ...fields }).map(({ field }) => field);
}

describe('a tenant', () => {
  it('needs a header value only with a header key', () => {
    expect(refused({})).toEqual([]);
    expect(refused({ header_key: 'x-portal' })).toEqual(['header_value']);
    expect(refused({ header_key: 'x-portal', header_value: 'on' })).toEqual([]);
    expect(refused({ header_key: 'x portal', header_value: 'on' })).toEqual(['header_key']);
    expect(settledTenant({ ...NO_TENANT, header_value: 'left over' }).header_value).toBeNull();
  });

  it('takes web addresses, one per line', () => {
    expect(refused({ base_api_external_url: 'ftp://example.com' })).toEqual([
      'base_api_external_url',
    ]);
    expect(refused({ base_api_internal_urls: ['http://one', '', ' https://two '] })).toEqual([]);
    expect(refused({ base_api_internal_urls: Array(9).fill('http://one') })).toEqual([
      'base_api_internal_urls',
    ]);
    const urls = { ...NO_TENANT, base_api_internal_urls: [' http://one ', ''] };
    expect(settledTenant(urls).base_api_internal_urls).toEqual(['http://one']);
  });
});
