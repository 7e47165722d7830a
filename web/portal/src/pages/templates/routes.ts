import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { tenantRoute } from '../../app/roots';
import { searchOfList } from '../../app/search';
import { templateQuery } from '../../data/templates';

const templates = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'templates',
  validateSearch: searchOfList,
  component: lazyRouteComponent(() => import('./TemplatesPage'), 'TemplatesPage'),
});

const template = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'templates/$template',
  loader: ({ context, params }) =>
    context.queryClient.ensureQueryData(templateQuery(params.tenant, params.template)),
  component: lazyRouteComponent(() => import('./TemplatePage'), 'TemplatePage'),
});

export const templateRoutes = [templates, template] as const;
