import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { type Area, areasAbove, areasOfTenant } from '../app/areas';
import { isAboveTenants } from '../app/rights';
import { useMay, useSession } from '../app/session';
import { tenantQuery } from '../data/tenants';

/** The tenant that is looked at; null for who looks after several and has chosen none. */
export function useShownTenant(): string | null {
  const session = useSession();
  const chosen = useParams({ strict: false, select: ({ tenant }) => tenant });
  return chosen ?? (isAboveTenants(session.grants) ? null : session.tenant);
}

/** Where the one who works may go: above tenants, and in the tenant that is looked at. */
export function useAreas(): { tenant: string | null; above: Area[]; areas: Area[] } {
  const tenant = useShownTenant();
  const may = useMay(tenant ?? '');
  const { data: settings } = useQuery({
    ...tenantQuery(tenant ?? ''),
    enabled: tenant !== null && may('read_tenant'),
  });
  const hasLicences = (settings?.client_licences ?? 0) > 0;
  const areas = tenant === null ? [] : areasOfTenant(may, hasLicences);
  return { tenant, above: areasAbove(may), areas };
}
