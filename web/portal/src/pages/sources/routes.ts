import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { tenantRoute } from '../../app/roots';
import { searchOfList } from '../../app/search';
import { sourceQuery } from '../../data/sources';

const sources = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'sources',
  validateSearch: searchOfList,
  component: lazyRouteComponent(() => import('./SourcesPage'), 'SourcesPage'),
});

const newSource = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'sources/new',
  component: lazyRouteComponent(() => import('./NewSourcePage'), 'NewSourcePage'),
});

const source = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'sources/$source',
  validateSearch: searchOfList,
  loader: ({ context, params }) =>
    context.queryClient.ensureQueryData(sourceQuery(params.tenant, params.source)),
  component: lazyRouteComponent(() => import('./SourcePage'), 'SourcePage'),
});

export const sourceRoutes = [sources, newSource, source] as const;
