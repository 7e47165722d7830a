import { accountRoutes } from '../pages/account/routes';
import { alertRoutes } from '../pages/alerts/routes';
import { auditRoutes } from '../pages/audit/routes';
import { clientRoutes } from '../pages/clients/routes';
import { contactRoutes } from '../pages/contacts/routes';
import { domainRoutes } from '../pages/domains/routes';
import { enquiryRoutes } from '../pages/enquiries/routes';
import { groupRoutes } from '../pages/groups/routes';
import { homeRoutes } from '../pages/home/routes';
import { identityProviderRoutes } from '../pages/identity-providers/routes';
import { operatorRoutes } from '../pages/operator/routes';
import { presenceRoutes } from '../pages/presence/routes';
import { profileRoutes } from '../pages/profiles/routes';
import { publicationRoutes } from '../pages/publications/routes';
import { resellerRoutes } from '../pages/resellers/routes';
import { runRoutes } from '../pages/runs/routes';
import { secondFactorRoutes } from '../pages/second-factor/routes';
import { settingsRoutes } from '../pages/settings/routes';
import { setupRoutes } from '../pages/setup/routes';
import { signInRoutes } from '../pages/sign-in/routes';
import { siteRoutes } from '../pages/sites/routes';
import { sourceRoutes } from '../pages/sources/routes';
import { systemRoutes } from '../pages/system/routes';
import { templateRoutes } from '../pages/templates/routes';
import { tenantsRoutes } from '../pages/tenants/routes';
import { platformUserRoutes, userRoutes } from '../pages/users/routes';
import { elsewhereRoute, rootRoute, signedRoute, tenantRoute } from './roots';

/** Every page, by where it is. A page of a tenant is a child of `tenantRoute`. */
export const routeTree = rootRoute.addChildren([
  ...signInRoutes,
  ...secondFactorRoutes,
  signedRoute.addChildren([
    elsewhereRoute,
    ...tenantsRoutes,
    ...resellerRoutes,
    ...platformUserRoutes,
    ...systemRoutes,
    ...accountRoutes,
    ...operatorRoutes,
    tenantRoute.addChildren([
      ...homeRoutes,
      ...setupRoutes,
      ...contactRoutes,
      ...groupRoutes,
      ...siteRoutes,
      ...domainRoutes,
      ...publicationRoutes,
      ...templateRoutes,
      ...enquiryRoutes,
      ...sourceRoutes,
      ...runRoutes,
      ...alertRoutes,
      ...presenceRoutes,
      ...profileRoutes,
      ...clientRoutes,
      ...auditRoutes,
      ...userRoutes,
      ...identityProviderRoutes,
      ...settingsRoutes,
    ]),
  ]),
]);
