import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { tenantRoute } from '../../app/roots';
import { RUN_ACTIONS, type RunAction, runQuery } from '../../data/runs';

const runs = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'runs',
  component: lazyRouteComponent(() => import('./RunsPage'), 'RunsPage'),
});

const run = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'runs/$run',
  validateSearch: (search: Record<string, unknown>): { action?: RunAction } => {
    const action = RUN_ACTIONS.find((one) => one === search.action);
    return action ? { action } : {};
  },
  loader: ({ context, params }) =>
    context.queryClient.ensureQueryData(runQuery(params.tenant, params.run)),
  component: lazyRouteComponent(() => import('./RunPage'), 'RunPage'),
});

export const runRoutes = [runs, run] as const;
