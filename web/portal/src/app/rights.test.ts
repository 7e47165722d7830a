import { describe, expect, it } from 'vitest';
import { isAboveTenants, mayIn } from './rights';

describe('rights', () => {
  it('hold below the scope that they are given on', () => {
    const tenant = [{ role: 'tenant', scope: { kind: 'tenant', id: 'one' } }] as const;
    const group = [{ role: 'group', scope: { kind: 'group', id: 'g' } }] as const;
    const platform = [{ role: 'platform', scope: { kind: 'platform' } }] as const;
    const agent = [{ role: 'agent', scope: { kind: 'group', id: 'g' } }] as const;
    const supervisor = [{ role: 'supervisor', scope: { kind: 'group', id: 'g' } }] as const;

    expect(mayIn(agent, 'one', 'one', 'set_own_presence')).toBe(true);
    expect(mayIn(agent, 'one', 'one', 'set_presence')).toBe(false);
    expect(mayIn(supervisor, 'one', 'one', 'set_presence')).toBe(true);
    expect(mayIn(platform, 'p', 'two', 'set_presence')).toBe(false);
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
