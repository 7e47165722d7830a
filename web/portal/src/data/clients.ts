import { answer, pageQuery } from '@switchboard/client';
import { queryOptions } from '@tanstack/react-query';
import { api, type Schema } from '../app/gateway';
import { sifted } from './sifted';
import { fieldsOfUser, type User, type UserFields, updateUser, usersSource } from './users';

type View = Schema<'ClientsView'>;
/** How licences are used, with everybody who takes one; nobody for those who look after tenants from above. */
export type Clients = View & { users: NonNullable<View['users']> };

/** How soon is seen who signs in with a client, in milliseconds. */
const CLIENTS_MS = 10_000;
const PAGE = 500;

/** How the client licences of a tenant are used now; looked at again and again. */
export function clientsQuery(tenant: string) {
  return queryOptions({
    queryKey: ['clients', tenant],
    refetchInterval: CLIENTS_MS,
    queryFn: async ({ signal }): Promise<Clients> => {
      const page = (after?: string): Promise<View> =>
        answer(
          api.GET('/tenants/{tenant}/clients', {
            params: { path: { tenant }, query: pageQuery(PAGE, after) },
            signal,
          }),
        );
      const first = await page();
      const users = [...(first.users ?? [])];
      for (let { next } = first; next; ) {
        const more = await page(next);
        users.push(...(more.users ?? []));
        next = more.next;
      }
      return { ...first, users };
    },
  });
}

/** The users of a tenant; only those who may use clients when that is wished. */
export function clientUsersSource(tenant: string, isPermittedOnly: boolean) {
  const all = usersSource(tenant);
  if (!isPermittedOnly) return all;
  const only = sifted(all, (user) => Boolean(user.is_client_allowed));
  return { ...only, key: [...all.key, 'permitted'] };
}

/** Changes what a user may do with clients, as long as nobody changed the user meanwhile. */
export function changeClient(
  tenant: string,
  user: User,
  change: Partial<Pick<UserFields, 'is_client_allowed' | 'client_profile'>>,
): Promise<User> {
  const base = fieldsOfUser(user);
  const fields = { ...base, ...change };
  return updateUser(tenant, user.id, { revision: user.revision, base, fields });
}
