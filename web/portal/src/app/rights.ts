import type { Schema } from './gateway';

type Role = Schema<'Role'>;
type Held = Schema<'Held'>;

/** What areas of the portal need; the gateway decides about each request anew. */
export type Action =
  | 'manage_platform'
  | 'manage_tenants'
  | 'read_tenant'
  /** Change some of a tenant's settings: those of the role. */
  | 'change_tenant'
  | 'change_tenant_settings'
  | 'manage_users'
  | 'read_users'
  | 'manage_domains'
  | 'read_domains'
  | 'manage_sites'
  | 'change_site'
  | 'read_sites'
  | 'manage_groups'
  | 'read_groups'
  | 'manage_publications'
  | 'read_publications'
  | 'manage_contacts'
  | 'read_contacts'
  /** Set presence and notes of any contact. */
  | 'set_presence'
  | 'set_own_presence'
  | 'manage_sources'
  | 'read_sources'
  | 'synchronize'
  | 'read_enquiries'
  | 'answer_enquiries'
  | 'read_audit';

const KEEPER: Action[] = [
  'manage_groups',
  'read_groups',
  'read_publications',
  'manage_contacts',
  'read_contacts',
  'set_presence',
  'set_own_presence',
  'read_sources',
  'synchronize',
];

const SITE: Action[] = [
  ...KEEPER,
  'read_tenant',
  'read_domains',
  'manage_sites',
  'change_site',
  'read_sites',
  'manage_publications',
  'read_enquiries',
  'answer_enquiries',
];

const ABOVE: Action[] = [
  'manage_tenants',
  'read_tenant',
  'change_tenant',
  'manage_users',
  'read_users',
  'read_audit',
];

/** What each role may do below its scope, as `directory/model/src/rights.rs` has it. */
const ACTIONS: Record<Role, Action[]> = {
  platform: ['manage_platform', ...ABOVE],
  reseller: ABOVE,
  tenant: [
    ...SITE,
    'change_tenant',
    'change_tenant_settings',
    'manage_users',
    'read_users',
    'manage_domains',
    'manage_sources',
    'read_audit',
  ],
  site: SITE,
  group: KEEPER,
  contact: KEEPER,
  supervisor: [
    'read_groups',
    'read_publications',
    'read_contacts',
    'set_presence',
    'set_own_presence',
    'read_enquiries',
    'answer_enquiries',
  ],
  agent: ['read_groups', 'read_contacts', 'set_own_presence', 'read_enquiries', 'answer_enquiries'],
  employee: ['set_own_presence'],
};

/** Whether a role comes with a right, wherever it is held. */
export function roleMay(role: Role, action: Action): boolean {
  return ACTIONS[role].includes(action);
}

/** What is the tenant's as a whole: a grant on a part of it does not reach there. */
const OF_TENANT = new Set<Action>([
  'change_tenant',
  'manage_users',
  'read_users',
  'manage_sources',
  'read_sources',
  'synchronize',
  'read_audit',
]);

/**
 * Whether somebody with these grants may do `action` somewhere in `tenant`. Grants below a tenant are
 * of the user's own.
 */
export function mayIn(
  grants: readonly Held[],
  home: string,
  tenant: string,
  action: Action,
): boolean {
  return grants.some(({ role, scope }) => {
    if (!ACTIONS[role].includes(action)) return false;
    if (scope.kind === 'platform' || scope.kind === 'reseller') return true;
    if (scope.kind === 'tenant') return scope.id === tenant;
    return home === tenant && !OF_TENANT.has(action);
  });
}

/** Whether somebody looks after more tenants than their own. */
export function isAboveTenants(grants: readonly Held[]): boolean {
  return grants.some(({ scope }) => scope.kind === 'platform' || scope.kind === 'reseller');
}
