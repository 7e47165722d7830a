import { contactRoutes } from '../pages/contacts/routes';
import { homeRoutes } from '../pages/home/routes';
import { signInRoutes } from '../pages/sign-in/routes';
import { tenantsRoutes } from '../pages/tenants/routes';
import { elsewhereRoute, rootRoute, signedRoute, tenantRoute } from './roots';

/** Every page, by where it is. A page of a tenant is a child of `tenantRoute`. */
export const routeTree = rootRoute.addChildren([
  ...signInRoutes,
  signedRoute.addChildren([
    elsewhereRoute,
    ...tenantsRoutes,
    tenantRoute.addChildren([...homeRoutes, ...contactRoutes]),
  ]),
]);
