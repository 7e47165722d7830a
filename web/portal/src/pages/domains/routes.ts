import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { tenantRoute } from '../../app/roots';
import { searchOfList } from '../../app/search';
import { domainQuery } from '../../data/domains';

const domains = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'domains',
  validateSearch: searchOfList,
  component: lazyRouteComponent(() => import('./DomainsPage'), 'DomainsPage'),
});

const newDomain = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'domains/new',
  component: lazyRouteComponent(() => import('./NewDomainPage'), 'NewDomainPage'),
});

const domain = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'domains/$domain',
  loader: ({ context, params }) =>
    context.queryClient.ensureQueryData(domainQuery(params.tenant, params.domain)),
  component: lazyRouteComponent(() => import('./DomainPage'), 'DomainPage'),
});

export const domainRoutes = [domains, newDomain, domain] as const;
