import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { tenantQuery } from '../data/tenants';
import { hasLink } from './link';
import { sessionQuery } from './session';

/** What every route is given. */
export interface RouteContext {
  queryClient: QueryClient;
}

export const rootRoute = createRootRouteWithContext<RouteContext>()();

/** The routes that need somebody to be signed in; the frame is around them. */
export const signedRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed',
  beforeLoad: async ({ context, location }) => {
    if (hasLink()) throw redirect({ to: '/sign-in', search: {}, replace: true });
    const session = await context.queryClient.ensureQueryData(sessionQuery);
    if (session?.is_second_factor_missing) {
      const search = location.pathname === '/operator' ? { next: 'operator' as const } : {};
      throw redirect({ to: '/second-factor', search, replace: true });
    }
    if (session) return;
    const { tenant } = location.search as { tenant?: unknown };
    const isStart = location.pathname === '/';
    const search = isStart
      ? { ...(tenant !== undefined && { tenant: String(tenant) }) }
      : { to: location.href };
    throw redirect({ to: '/sign-in', search, replace: true });
  },
  component: lazyRouteComponent(() => import('../frame/Frame'), 'Frame'),
});

/** Addresses that nothing is at. */
export const elsewhereRoute = createRoute({
  getParentRoute: () => signedRoute,
  path: '$',
  component: lazyRouteComponent(() => import('../frame/Missing'), 'Missing'),
});

/** The routes of one tenant. */
export const tenantRoute = createRoute({
  getParentRoute: () => signedRoute,
  path: 't/$tenant',
  loader: ({ context, params }) => context.queryClient.ensureQueryData(tenantQuery(params.tenant)),
});
