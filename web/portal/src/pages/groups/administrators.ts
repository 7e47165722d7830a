import { roleMay } from '../../app/rights';
import { ROLES } from '../../app/roles';
import type { Grant } from '../../data/grants';
import type { Group } from '../../data/groups';

/** The roles that reach a group, as far as the grants of its tenant say. */
export interface Reaching {
  /** Who may change the group: what was given nearest to it comes first. */
  administrators: Grant[];
  /** Other roles that were given on the very group. */
  others: Grant[];
}

/** Which of a tenant's grants reach the first of `path`: the group, and those above it, nearest first. */
export function reaching(grants: readonly Grant[], path: readonly Group[]): Reaching {
  const found = grants
    .map((grant) => ({ grant, steps: stepsTo(grant, path) }))
    .filter(({ steps }) => steps !== null)
    .sort((a, b) => (a.steps ?? 0) - (b.steps ?? 0) || rank(a.grant) - rank(b.grant));
  const administers = ({ role }: Grant): boolean => roleMay(role, 'manage_groups');
  const all = found.map(({ grant }) => grant);
  return {
    administrators: all.filter(administers),
    others: all.filter((grant) => !administers(grant) && isOn(grant, path[0])),
  };
}

/** Whether a grant was given on the very group. */
export function isOn({ scope }: Grant, group: Group | undefined): boolean {
  return scope.kind === 'group' && scope.id === group?.id;
}

/** How far above the group a grant was given; null when it does not reach it. */
function stepsTo({ scope }: Grant, path: readonly Group[]): number | null {
  if (scope.kind === 'tenant') return path.length;
  const at = path.findIndex(
    ({ id, root_of }) =>
      (scope.kind === 'group' && scope.id === id) ||
      (scope.kind === 'site' && scope.id === root_of),
  );
  return at < 0 ? null : at;
}

function rank({ role }: Grant): number {
  return ROLES.indexOf(role);
}
