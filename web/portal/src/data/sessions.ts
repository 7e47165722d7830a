import { answer } from '@switchboard/client';
import { queryOptions } from '@tanstack/react-query';
import { api, type Schema } from '../app/gateway';

export type UserSession = Schema<'UserSessionView'>;

/** Where a user is signed in, the latest first. */
export function sessionsQuery(tenant: string, user: string) {
  return queryOptions({
    queryKey: ['sessions', tenant, user],
    queryFn: async ({ signal }) => {
      const path = { tenant, user };
      const list = await answer(
        api.GET('/tenants/{tenant}/users/{user}/sessions', { params: { path }, signal }),
      );
      return list.items;
    },
  });
}

/** Ends one of a user's sessions at once. */
export async function endSession(tenant: string, user: string, session: string): Promise<void> {
  await answer(
    api.DELETE('/tenants/{tenant}/users/{user}/sessions/{session}', {
      params: { path: { tenant, user, session } },
    }),
  );
}

/** Ends all of a user's sessions but this one. */
export async function endSessions(tenant: string, user: string): Promise<void> {
  await answer(
    api.DELETE('/tenants/{tenant}/users/{user}/sessions', { params: { path: { tenant, user } } }),
  );
}
