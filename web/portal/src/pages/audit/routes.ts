import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { tenantRoute } from '../../app/roots';

const audit = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'audit',
  component: lazyRouteComponent(() => import('./AuditPage'), 'AuditPage'),
});

export const auditRoutes = [audit] as const;
