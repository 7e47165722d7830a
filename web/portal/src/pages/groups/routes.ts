import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { tenantRoute } from '../../app/roots';
import { searchOfList } from '../../app/search';
import { groupQuery } from '../../data/groups';

/** What is open in the tree stays so from group to group. */
const layout = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'groups',
  component: lazyRouteComponent(() => import('./GroupsLayout'), 'GroupsLayout'),
});

const groups = createRoute({
  getParentRoute: () => layout,
  path: '/',
  component: lazyRouteComponent(() => import('./GroupsPage'), 'GroupsPage'),
});

const newGroup = createRoute({
  getParentRoute: () => layout,
  path: 'new',
  validateSearch: ({ parent }: Record<string, unknown>): { parent?: string } =>
    typeof parent === 'string' && parent ? { parent } : {},
  component: lazyRouteComponent(() => import('./NewGroupPage'), 'NewGroupPage'),
});

const group = createRoute({
  getParentRoute: () => layout,
  path: '$group',
  validateSearch: searchOfList,
  loader: ({ context, params }) =>
    context.queryClient.ensureQueryData(groupQuery(params.tenant, params.group)),
  component: lazyRouteComponent(() => import('./GroupPage'), 'GroupPage'),
});

export const groupRoutes = [layout.addChildren([groups, newGroup, group])] as const;
