import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { tenantRoute } from '../../app/roots';
import { searchOfList } from '../../app/search';
import { publicationQuery } from '../../data/publications';
import { searchOfPublication } from './tabs';

const publications = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'publications',
  validateSearch: searchOfList,
  component: lazyRouteComponent(() => import('./PublicationsPage'), 'PublicationsPage'),
});

const newPublication = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'publications/new',
  component: lazyRouteComponent(() => import('./NewPublicationPage'), 'NewPublicationPage'),
});

const publication = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'publications/$publication',
  validateSearch: searchOfPublication,
  loader: ({ context, params }) =>
    context.queryClient.ensureQueryData(publicationQuery(params.tenant, params.publication)),
  component: lazyRouteComponent(() => import('./PublicationPage'), 'PublicationPage'),
});

export const publicationRoutes = [publications, newPublication, publication] as const;
