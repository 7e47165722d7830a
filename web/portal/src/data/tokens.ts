import { answer, pageQuery, readAll } from '@switchboard/client';
import { queryOptions } from '@tanstack/react-query';
import { api, type Schema } from '../app/gateway';

export type Token = Schema<'TokenView'>;
export type NewToken = Schema<'NewTokenView'>;

/** The API tokens of one user; the API lists those of all users together. */
export function tokensQuery(tenant: string, user: string) {
  return queryOptions({
    queryKey: ['tokens', tenant, user],
    queryFn: async ({ signal }) => {
      const all = await readAll((after) =>
        answer(
          api.GET('/tenants/{tenant}/tokens', {
            params: { path: { tenant }, query: pageQuery(500, after) },
            signal,
          }),
        ),
      );
      return all.filter((token) => token.user === user);
    },
  });
}

export function createToken(tenant: string, body: Schema<'TokenFields'>): Promise<NewToken> {
  return answer(api.POST('/tenants/{tenant}/tokens', { params: { path: { tenant } }, body }));
}

/** Ends a token at once. */
export async function removeToken(tenant: string, token: string): Promise<void> {
  await answer(
    api.DELETE('/tenants/{tenant}/tokens/{token}', { params: { path: { tenant, token } } }),
  );
}
