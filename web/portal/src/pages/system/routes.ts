import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedRoute } from '../../app/roots';
import { systemQuery } from '../../data/system';

const system = createRoute({
  getParentRoute: () => signedRoute,
  path: 'system',
  loader: ({ context }) => context.queryClient.ensureQueryData(systemQuery),
  component: lazyRouteComponent(() => import('./SystemPage'), 'SystemPage'),
});

export const systemRoutes = [system] as const;
