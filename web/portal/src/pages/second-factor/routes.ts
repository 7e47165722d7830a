import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { rootRoute } from '../../app/roots';
import { sessionQuery } from '../../app/session';

const secondFactor = createRoute({
  getParentRoute: () => rootRoute,
  path: 'second-factor',
  validateSearch: (search: Record<string, unknown>): { next?: 'operator' } =>
    search.next === 'operator' ? { next: 'operator' } : {},
  beforeLoad: async ({ context }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery);
    if (!session?.is_second_factor_missing) throw redirect({ to: '/', replace: true });
  },
  component: lazyRouteComponent(() => import('./SecondFactorPage'), 'SecondFactorPage'),
});

export const secondFactorRoutes = [secondFactor] as const;
