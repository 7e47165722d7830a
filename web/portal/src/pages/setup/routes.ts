import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { tenantRoute } from '../../app/roots';
import { stepOfSearch } from './steps';

const setup = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'setup',
  validateSearch: stepOfSearch,
  component: lazyRouteComponent(() => import('./SetupPage'), 'SetupPage'),
});

export const setupRoutes = [setup] as const;
