import { answer, ifMatch, MERGE_PATCH, mergePatch, pageQuery } from '@switchboard/client';
import { queryOptions } from '@tanstack/react-query';
import { api, type Schema } from '../app/gateway';
import type { Change } from '../parts/form';
import type { ListSource } from '../parts/list';

export type IdentityProvider = Schema<'IdentityProviderView'>;
export type RegisteredProvider = Schema<'RegisteredProviderView'>;
export type IdentityProviderFields = Required<Schema<'IdentityProviderFields'>>;

const PAGE = 100;

/** The identity providers of a tenant, by name. */
export function identityProvidersSource(tenant: string): ListSource<IdentityProvider> {
  return {
    key: ['identity_providers', tenant],
    read: ({ after, q, signal }) =>
      answer(
        api.GET('/tenants/{tenant}/identity_providers', {
          params: { path: { tenant }, query: pageQuery(PAGE, after, q) },
          signal,
        }),
      ),
  };
}

/** One identity provider, with what must be registered there. */
export function identityProviderQuery(tenant: string, identity_provider: string) {
  return queryOptions({
    queryKey: ['identity_provider', tenant, identity_provider],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/tenants/{tenant}/identity_providers/{identity_provider}', {
          params: { path: { tenant, identity_provider } },
          signal,
        }),
      ),
  });
}

export function createIdentityProvider(
  tenant: string,
  body: IdentityProviderFields,
): Promise<RegisteredProvider> {
  return answer(
    api.POST('/tenants/{tenant}/identity_providers', { params: { path: { tenant } }, body }),
  );
}

/** Changes what differs, as long as the provider is still of the revision. */
export function updateIdentityProvider(
  tenant: string,
  identity_provider: string,
  change: Change<IdentityProviderFields>,
) {
  return answer(
    api.PATCH('/tenants/{tenant}/identity_providers/{identity_provider}', {
      params: { path: { tenant, identity_provider }, header: ifMatch(change.revision) },
      headers: MERGE_PATCH,
      body: mergePatch(change.base, change.fields),
    }),
  );
}

/** Removes a provider, as it was when somebody looked at it. */
export async function removeIdentityProvider(
  tenant: string,
  provider: IdentityProvider,
): Promise<void> {
  await answer(
    api.DELETE('/tenants/{tenant}/identity_providers/{identity_provider}', {
      params: { path: { tenant, identity_provider: provider.id } },
      headers: { ...ifMatch(provider.revision) },
    }),
  );
}

/** Keeps the secret with which the gateway proves itself. */
export async function setProviderSecret(
  tenant: string,
  identity_provider: string,
  secret: string,
): Promise<void> {
  await answer(
    api.PUT('/tenants/{tenant}/identity_providers/{identity_provider}/secret', {
      params: { path: { tenant, identity_provider } },
      body: { secret },
    }),
  );
}

/** A provider of which nothing is known yet. */
export const NO_PROVIDER: IdentityProviderFields = {
  name: '',
  issuer: '',
  client_id: '',
  name_claim: 'preferred_username',
  scopes: ['profile', 'email'],
  is_linking_allowed: false,
  is_enabled: true,
};

/** What can be set on a provider, as it is now. */
export function fieldsOfProvider(provider: IdentityProvider): IdentityProviderFields {
  const names = Object.keys(NO_PROVIDER) as (keyof IdentityProviderFields)[];
  const set = names.map((name) => [name, provider[name] ?? NO_PROVIDER[name]]);
  return Object.fromEntries(set) as IdentityProviderFields;
}
