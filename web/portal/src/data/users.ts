import { answer } from '@switchboard/client';
import { queryOptions } from '@tanstack/react-query';
import { api } from '../app/gateway';
import type { Session } from '../app/session';

/** The account of the one who works; refused to those who may not see users. */
export function ownUserQuery({ tenant, user }: Session) {
  return queryOptions({
    queryKey: ['user', tenant, user],
    retry: false,
    queryFn: ({ signal }) =>
      answer(
        api.GET('/tenants/{tenant}/users/{user}', { params: { path: { tenant, user } }, signal }),
      ),
  });
}
