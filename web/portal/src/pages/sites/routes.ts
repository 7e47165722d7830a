import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { tenantRoute } from '../../app/roots';
import { searchOfList } from '../../app/search';
import { siteQuery } from '../../data/sites';

const sites = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'sites',
  validateSearch: searchOfList,
  component: lazyRouteComponent(() => import('./SitesPage'), 'SitesPage'),
});

const newSite = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'sites/new',
  component: lazyRouteComponent(() => import('./NewSitePage'), 'NewSitePage'),
});

const site = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'sites/$site',
  loader: ({ context, params }) =>
    context.queryClient.ensureQueryData(siteQuery(params.tenant, params.site)),
  component: lazyRouteComponent(() => import('./SitePage'), 'SitePage'),
});

export const siteRoutes = [sites, newSite, site] as const;
