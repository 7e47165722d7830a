/** The page of the groups, on the mock's first tenant. */
import { TENANT as ID } from './mock-company.mjs';
import { openPortal } from './portal-stage.mjs';

/** Where the tenant is in the API, and in the portal. */
export const TENANT = `/tenants/${ID}`;
export const HOME = `t/${ID}`;

/** Opens the portal at the tree of the groups. */
export async function openGroups(stage, options = {}) {
  const portal = await openPortal(stage, { path: `${HOME}/groups`, ...options });
  await stage.page.getByRole('tree').waitFor();
  return portal;
}
