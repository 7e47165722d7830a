import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedRoute } from '../../app/roots';

const account = createRoute({
  getParentRoute: () => signedRoute,
  path: 'account',
  component: lazyRouteComponent(() => import('./AccountPage'), 'AccountPage'),
});

export const accountRoutes = [account] as const;
