import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { tenantRoute } from '../../app/roots';
import { searchOfList } from '../../app/search';
import { tenantQuery } from '../../data/tenants';

const profiles = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'profiles',
  validateSearch: searchOfList,
  loader: ({ context, params }) => context.queryClient.ensureQueryData(tenantQuery(params.tenant)),
  component: lazyRouteComponent(() => import('./ProfilesPage'), 'ProfilesPage'),
});

export const profileRoutes = [profiles] as const;
