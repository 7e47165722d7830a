import { describe, expect, it } from 'vitest';
import { isAboveTenants, mayIn } from './rights';

describe('rights', () => {
  it('hold below the scope that they are given on', () => {
    const tenant = [{ role: 'tenant', scope: { kind: 'tenant', id: 'one' } }] as const;
    const group = [{ role: 'group', scope: { kind: 'group', id: 'g' } }] as const;
    const platform = [{ role: 'platform', scope: { kind: 'platform' } }] as const;

    expect(mayIn(tenant, 'one', 'one', 'manage_contacts')).toBe(true);
    expect(mayIn(tenant, 'one', 'two', 'manage_contacts')).toBe(false);
    expect(mayIn(group, 'one', 'one', 'manage_contacts')).toBe(true);
    expect(mayIn(group, 'one', 'two', 'manage_contacts')).toBe(false);
    expect(mayIn(group, 'one', 'one', 'manage_users')).toBe(false);
    expect(mayIn(platform, 'p', 'two', 'manage_users')).toBe(true);
    expect(mayIn(platform, 'p', 'two', 'read_contacts')).toBe(false);
    expect([tenant, group, platform].map(isAboveTenants)).toEqual([false, false, true]);
  });
});
