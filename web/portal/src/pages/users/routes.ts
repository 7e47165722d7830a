import type { QueryClient } from '@tanstack/react-query';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { signedRoute, tenantRoute } from '../../app/roots';
import { searchOfList, searchOfUsers } from '../../app/search';
import { sessionQuery } from '../../app/session';
import { userQuery } from '../../data/users';

const list = lazyRouteComponent(() => import('./UsersPage'), 'UsersPage');
const make = lazyRouteComponent(() => import('./NewUserPage'), 'NewUserPage');
const one = lazyRouteComponent(() => import('./UserPage'), 'UserPage');

const users = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'users',
  validateSearch: searchOfUsers,
  component: list,
});

const newUser = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'users/new',
  component: make,
});

const user = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'users/$user',
  loader: ({ context, params }) =>
    context.queryClient.ensureQueryData(userQuery(params.tenant, params.user)),
  component: one,
});

const platformUsers = createRoute({
  getParentRoute: () => signedRoute,
  path: 'users',
  validateSearch: searchOfList,
  component: list,
});

const newPlatformUser = createRoute({
  getParentRoute: () => signedRoute,
  path: 'users/new',
  component: make,
});

const platformUser = createRoute({
  getParentRoute: () => signedRoute,
  path: 'users/$user',
  loader: ({ context, params }) => loadOwn(context.queryClient, params.user),
  component: one,
});

async function loadOwn(client: QueryClient, user: string): Promise<void> {
  const session = await client.ensureQueryData(sessionQuery);
  if (session) await client.ensureQueryData(userQuery(session.tenant, user));
}

/** The pages of a tenant's users. */
export const userRoutes = [users, newUser, user] as const;

/** The pages of the platform's own users. */
export const platformUserRoutes = [platformUsers, newPlatformUser, platformUser] as const;
