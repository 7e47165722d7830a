import { contactRoutes } from '../pages/contacts/routes';
import { domainRoutes } from '../pages/domains/routes';
import { groupRoutes } from '../pages/groups/routes';
import { homeRoutes } from '../pages/home/routes';
import { publicationRoutes } from '../pages/publications/routes';
import { signInRoutes } from '../pages/sign-in/routes';
import { siteRoutes } from '../pages/sites/routes';
import { tenantsRoutes } from '../pages/tenants/routes';
import { elsewhereRoute, rootRoute, signedRoute, tenantRoute } from './roots';

/** Every page, by where it is. A page of a tenant is a child of `tenantRoute`. */
export const routeTree = rootRoute.addChildren([
  ...signInRoutes,
  signedRoute.addChildren([
    elsewhereRoute,
    ...tenantsRoutes,
    tenantRoute.addChildren([
      ...homeRoutes,
      ...contactRoutes,
      ...groupRoutes,
      ...siteRoutes,
      ...domainRoutes,
      ...publicationRoutes,
    ]),
  ]),
]);
