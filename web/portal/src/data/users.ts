import { answer, ifMatch, MERGE_PATCH, mergePatch, pageQuery, readAll } from '@switchboard/client';
import { queryOptions } from '@tanstack/react-query';
import { api, type Schema } from '../app/gateway';
import type { Session } from '../app/session';
import type { ListSource } from '../parts/list';
import { readGrants, type ScopeInTenant } from './grants';
import { sifted } from './sifted';

export type User = Schema<'UserView'>;
export type UserFields = Required<Schema<'UserFields'>>;

const PAGE = 100;

/** A user of whom nothing is known yet. */
export const NO_USER: UserFields = {
  name: '',
  first_name: null,
  last_name: null,
  mail: null,
  upn: null,
  contact: null,
  is_disabled: false,
  is_client_allowed: false,
  client_profile: 'default',
};

/** Whether a tenant has users: 1 when there are any. */
export function usersTotalQuery(tenant: string) {
  return queryOptions({
    queryKey: ['users', tenant, 'total'],
    queryFn: async ({ signal }) => {
      const path = { tenant };
      const page = await answer(
        api.GET('/tenants/{tenant}/users', { params: { path, query: { limit: 1 } }, signal }),
      );
      return page.items.length;
    },
  });
}

/** The users of a tenant, by name. */
export function usersSource(tenant: string): ListSource<User> {
  return {
    key: ['users', tenant],
    read: ({ after, q, signal }) =>
      answer(
        api.GET('/tenants/{tenant}/users', {
          params: { path: { tenant }, query: pageQuery(PAGE, after, q) },
          signal,
        }),
      ),
  };
}

/** The users of a tenant who have a role on something of this kind. */
export function usersWithRoleSource(tenant: string, on: ScopeInTenant): ListSource<User> {
  const all = usersSource(tenant);
  return {
    key: [...all.key, 'with role', on],
    read: async (query) => {
      const grants = await readGrants(tenant, query.signal, on);
      const holders = new Set(grants.map(({ user }) => user));
      return sifted(all, ({ id }) => holders.has(id)).read(query);
    },
  };
}

/** Every user of a tenant, to name who did something. */
export function usersToNameQuery(tenant: string) {
  return queryOptions({
    queryKey: ['users', tenant, 'names'],
    queryFn: ({ signal }) =>
      readAll((after) =>
        answer(
          api.GET('/tenants/{tenant}/users', {
            params: { path: { tenant }, query: pageQuery(500, after) },
            signal,
          }),
        ),
      ),
  });
}

/** One user. */
export function userQuery(tenant: string, user: string) {
  return queryOptions({
    queryKey: ['user', tenant, user],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/tenants/{tenant}/users/{user}', { params: { path: { tenant, user } }, signal }),
      ),
  });
}

/** The account of the one who works. */
export function ownUserQuery({ tenant, user }: Session) {
  return { ...userQuery(tenant, user), retry: false };
}

export function createUser(tenant: string, body: UserFields): Promise<User> {
  return answer(api.POST('/tenants/{tenant}/users', { params: { path: { tenant } }, body }));
}

/** Changes what differs from `base`, as long as the user is still of `revision`. */
export function updateUser(
  tenant: string,
  user: string,
  change: { revision: number; base: UserFields; fields: UserFields },
): Promise<User> {
  const { revision, base, fields } = change;
  return answer(
    api.PATCH('/tenants/{tenant}/users/{user}', {
      params: { path: { tenant, user }, header: ifMatch(revision) },
      headers: MERGE_PATCH,
      body: mergePatch(base, fields),
    }),
  );
}

/** Removes a user, with grants, sessions and API tokens. */
export async function removeUser(tenant: string, user: string): Promise<void> {
  await answer(
    api.DELETE('/tenants/{tenant}/users/{user}', { params: { path: { tenant, user } } }),
  );
}

/** Sets a password; one's own needs the present one. */
export async function setPassword(
  tenant: string,
  user: string,
  body: Schema<'PasswordFields'>,
): Promise<void> {
  await answer(
    api.PUT('/tenants/{tenant}/users/{user}/password', {
      params: { path: { tenant, user } },
      body,
    }),
  );
}

/** What can be set on a user, as it is now. */
export function fieldsOfUser(user: User): UserFields {
  const names = Object.keys(NO_USER) as (keyof UserFields)[];
  const set = names.map((name) => [name, user[name] ?? NO_USER[name]]);
  return Object.fromEntries(set) as UserFields;
}

/** What somebody is called: first and last name, else the name to sign in with. */
export function nameOfUser({ first_name, last_name, name }: User): string {
  return [first_name, last_name].filter(Boolean).join(' ') || (name ?? '');
}
