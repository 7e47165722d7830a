import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { tenantRoute } from '../../app/roots';
import { searchOfList } from '../../app/search';
import { rulesQuery } from '../../data/presence';

const presence = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'presence',
  validateSearch: searchOfList,
  loader: ({ context, params }) => context.queryClient.ensureQueryData(rulesQuery(params.tenant)),
  component: lazyRouteComponent(() => import('./PresenceRulesPage'), 'PresenceRulesPage'),
});

export const presenceRoutes = [presence] as const;
