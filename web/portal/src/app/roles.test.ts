import { describe, expect, it } from 'vitest';
import { type Held, mayTake, rolesToGive } from './roles';

const platform: Held[] = [{ role: 'platform', scope: { kind: 'platform' } }];
const reseller: Held[] = [{ role: 'reseller', scope: { kind: 'reseller', id: 'r' } }];
const tenant: Held[] = [{ role: 'tenant', scope: { kind: 'tenant', id: 'one' } }];
const site: Held[] = [{ role: 'site', scope: { kind: 'site', id: 's' } }];

describe('roles', () => {
  it('are given below one’s own, where one’s own reaches', () => {
    expect(rolesToGive(platform, null)).toEqual(['platform', 'reseller']);
    expect(rolesToGive(platform, 'one')).toEqual(['tenant']);
    expect(rolesToGive(reseller, 'one')).toEqual(['tenant']);
    expect(rolesToGive(reseller, null)).toEqual([]);
    expect(rolesToGive(tenant, 'one')).toEqual([
      'site',
      'group',
      'contact',
      'supervisor',
      'agent',
      'employee',
    ]);
    expect(rolesToGive(tenant, 'two')).toEqual([]);
    expect(rolesToGive(site, 'one')).toEqual([]);
  });

  it('are taken from those below, and by the platform from its equals', () => {
    expect(mayTake(tenant, 'site', 'one')).toBe(true);
    expect(mayTake(tenant, 'tenant', 'one')).toBe(false);
    expect(mayTake(tenant, 'site', 'two')).toBe(false);
    expect(mayTake(reseller, 'agent', 'one')).toBe(true);
    expect(mayTake(platform, 'platform', null)).toBe(true);
    expect(mayTake(site, 'agent', 'one')).toBe(false);
  });
});
