import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { tenantRoute } from '../../app/roots';
import { searchOfList } from '../../app/search';
import { identityProviderQuery } from '../../data/identityProviders';

const providers = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'identity-providers',
  validateSearch: searchOfList,
  component: lazyRouteComponent(() => import('./IdentityProvidersPage'), 'IdentityProvidersPage'),
});

const newProvider = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'identity-providers/new',
  component: lazyRouteComponent(
    () => import('./NewIdentityProviderPage'),
    'NewIdentityProviderPage',
  ),
});

const provider = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'identity-providers/$identityProvider',
  loader: ({ context, params }) =>
    context.queryClient.ensureQueryData(
      identityProviderQuery(params.tenant, params.identityProvider),
    ),
  component: lazyRouteComponent(() => import('./IdentityProviderPage'), 'IdentityProviderPage'),
});

export const identityProviderRoutes = [providers, newProvider, provider] as const;
