import { describe, expect, it } from 'vitest';
import { areasAbove, areasOfTenant } from './areas';
import { type Action, mayIn } from './rights';

type Grants = Parameters<typeof mayIn>[0];

const PLATFORM: Grants = [{ role: 'platform', scope: { kind: 'platform' } }];
const RESELLER: Grants = [{ role: 'reseller', scope: { kind: 'reseller', id: 'r' } }];
const TENANT: Grants = [{ role: 'tenant', scope: { kind: 'tenant', id: 'one' } }];
const AGENT: Grants = [{ role: 'agent', scope: { kind: 'group', id: 'g' } }];

const may =
  (grants: Grants, tenant = '') =>
  (action: Action): boolean =>
    mayIn(grants, 'one', tenant, action);
const labels = (areas: { label: string }[]): string[] => areas.map(({ label }) => label);

describe('areas', () => {
  it('above tenants are for those who look after several', () => {
    const above = [PLATFORM, RESELLER, TENANT].map((grants) => labels(areasAbove(may(grants))));

    expect(above).toEqual([
      ['tenants.title', 'resellers.title', 'users.platform', 'system.title'],
      ['tenants.title'],
      [],
    ]);
  });

  it('of a tenant are those that somebody may use there', () => {
    expect(labels(areasOfTenant(may(AGENT, 'one'), true))).toEqual([
      'contacts.title',
      'groups.title',
      'enquiries.title',
    ]);
    expect(areasOfTenant(may(TENANT, 'two'), true)).toEqual([]);
  });

  it('for clients are there as long as there are licences', () => {
    const own = may(TENANT, 'one');

    const has = (hasLicences: boolean): string[] => labels(areasOfTenant(own, hasLicences));
    expect(has(true)).toEqual(expect.arrayContaining(['profiles.title', 'clients.title']));
    expect(has(false)).not.toContain('profiles.title');
    expect(has(false)).not.toContain('clients.title');
  });
});
