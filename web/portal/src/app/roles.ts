import type { Schema } from './gateway';

export type Role = Schema<'Role'>;
export type Scope = Schema<'Scope'>;
export type Held = Schema<'Held'>;
export type ScopeKind = Scope['kind'];

/** Every role, highest first. */
export const ROLES: readonly Role[] = [
  'platform',
  'reseller',
  'tenant',
  'site',
  'group',
  'contact',
  'supervisor',
  'agent',
  'employee',
];

const BELOW_TENANT = ROLES.slice(3);

/** What each role may give away, as `directory/model/src/rights.rs` has it. */
const GIVES: Partial<Record<Role, readonly Role[]>> = {
  platform: ['platform', 'reseller', 'tenant'],
  reseller: ['tenant'],
  tenant: BELOW_TENANT,
};

const IN_TREE: readonly ScopeKind[] = ['tenant', 'site', 'group'];

/** On what kinds of scopes each role makes sense. */
const FITS: Record<Role, readonly ScopeKind[]> = {
  platform: ['platform'],
  reseller: ['reseller'],
  tenant: ['tenant'],
  site: ['tenant', 'site', 'publication'],
  group: IN_TREE,
  contact: IN_TREE,
  supervisor: IN_TREE,
  agent: IN_TREE,
  employee: IN_TREE,
};

/** The kinds of scopes that a role may be given on. */
export function scopesOf(role: Role): readonly ScopeKind[] {
  return FITS[role];
}

/**
 * The roles that somebody with these grants may give in a tenant, or among the platform's own users
 * when `tenant` is null.
 */
export function rolesToGive(held: readonly Held[], tenant: string | null): Role[] {
  const given = held.filter((one) => reaches(one, tenant)).flatMap(({ role }) => GIVES[role] ?? []);
  const isHere = (role: Role): boolean =>
    tenant === null ? role === 'platform' || role === 'reseller' : FITS[role].includes('tenant');
  return ROLES.filter((role) => given.includes(role) && isHere(role));
}

/** Whether somebody with these grants may take `role` away, and change those who have it. */
export function mayTake(held: readonly Held[], role: Role, tenant: string | null): boolean {
  const isAbove = (own: Role): boolean =>
    Boolean(GIVES[own]) && (GIVES[own]?.includes(role) || ROLES.indexOf(role) > ROLES.indexOf(own));
  return held.some((one) => reaches(one, tenant) && isAbove(one.role));
}

/** Whether a grant is over a tenant as a whole, or over the platform when `tenant` is null. */
function reaches({ scope }: Held, tenant: string | null): boolean {
  if (scope.kind === 'platform') return true;
  if (tenant === null) return false;
  return scope.kind === 'reseller' || (scope.kind === 'tenant' && scope.id === tenant);
}
