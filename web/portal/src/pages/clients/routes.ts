import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { tenantRoute } from '../../app/roots';
import { searchOfList } from '../../app/search';

const clients = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'clients',
  validateSearch: searchOfList,
  component: lazyRouteComponent(() => import('./ClientsPage'), 'ClientsPage'),
});

export const clientRoutes = [clients] as const;
