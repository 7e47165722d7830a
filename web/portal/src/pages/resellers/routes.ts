import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedRoute } from '../../app/roots';
import { searchOfList } from '../../app/search';
import { resellerQuery } from '../../data/resellers';

const resellers = createRoute({
  getParentRoute: () => signedRoute,
  path: 'resellers',
  validateSearch: searchOfList,
  component: lazyRouteComponent(() => import('./ResellersPage'), 'ResellersPage'),
});

const newReseller = createRoute({
  getParentRoute: () => signedRoute,
  path: 'resellers/new',
  component: lazyRouteComponent(() => import('./NewResellerPage'), 'NewResellerPage'),
});

const reseller = createRoute({
  getParentRoute: () => signedRoute,
  path: 'resellers/$reseller',
  loader: ({ context, params }) =>
    context.queryClient.ensureQueryData(resellerQuery(params.reseller)),
  component: lazyRouteComponent(() => import('./ResellerPage'), 'ResellerPage'),
});

export const resellerRoutes = [resellers, newReseller, reseller] as const;
