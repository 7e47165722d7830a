import { answer } from '@switchboard/client';
import { queryOptions } from '@tanstack/react-query';
import { api, type Schema } from '../app/gateway';

export type OfferedProvider = Schema<'OfferedProviderView'>;

/** By which identity providers users of the tenant called so may sign in. */
export function offeredProvidersQuery(tenant: string) {
  return queryOptions({
    queryKey: ['offered_providers', tenant],
    retry: false,
    queryFn: async ({ signal }) => {
      const query = { tenant };
      return (await answer(api.GET('/session/providers', { params: { query }, signal }))).items;
    },
  });
}

/** Begins to sign in by a provider; gives the address of its own page. */
export async function beginByProvider(identity_provider: string, to: string): Promise<string> {
  const begun = await answer(
    api.POST('/session/providers/{identity_provider}', {
      params: { path: { identity_provider } },
      body: { to },
    }),
  );
  return begun.url;
}
