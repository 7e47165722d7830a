import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { tenantRoute } from '../../app/roots';
import { searchOfList } from '../../app/search';

const alerts = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'alerts',
  validateSearch: searchOfList,
  component: lazyRouteComponent(() => import('./AlertsPage'), 'AlertsPage'),
});

export const alertRoutes = [alerts] as const;
