import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { isAboveTenants } from '../../app/rights';
import { signedRoute } from '../../app/roots';
import { searchOfList } from '../../app/search';
import { sessionQuery } from '../../app/session';

/** Where somebody starts: with the tenants that they look after, or with their own. */
const start = createRoute({
  getParentRoute: () => signedRoute,
  path: '/',
  beforeLoad: async ({ context }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery);
    if (!session || isAboveTenants(session.grants))
      throw redirect({ to: '/tenants', replace: true });
    throw redirect({ to: '/t/$tenant', params: { tenant: session.tenant }, replace: true });
  },
});

const tenants = createRoute({
  getParentRoute: () => signedRoute,
  path: 'tenants',
  validateSearch: searchOfList,
  component: lazyRouteComponent(() => import('./TenantsPage'), 'TenantsPage'),
});

const newTenant = createRoute({
  getParentRoute: () => signedRoute,
  path: 'tenants/new',
  validateSearch: ({ next }: Record<string, unknown>): { next?: 'setup' } =>
    next === 'setup' ? { next } : {},
  component: lazyRouteComponent(() => import('./NewTenantPage'), 'NewTenantPage'),
});

export const tenantsRoutes = [start, tenants, newTenant] as const;
