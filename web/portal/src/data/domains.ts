import { answer, ifMatch, MERGE_PATCH, mergePatch, pageQuery, readAll } from '@switchboard/client';
import { queryOptions } from '@tanstack/react-query';
import { api, type Schema } from '../app/gateway';
import type { Change } from '../parts/form';
import type { ListSource } from '../parts/list';

export type Domain = Schema<'DomainView'>;
export type DomainFields = Required<Schema<'DomainFields'>>;

const PAGE = 100;
const CHOSEN = 500;

/** The domains of a tenant, by title. */
export function domainsSource(tenant: string): ListSource<Domain> {
  return {
    key: ['domains', tenant],
    read: ({ after, q, signal }) =>
      answer(
        api.GET('/tenants/{tenant}/domains', {
          params: { path: { tenant }, query: pageQuery(PAGE, after, q) },
          signal,
        }),
      ),
  };
}

/** Every domain of a tenant, for a choice. */
export function domainsToChooseQuery(tenant: string) {
  return queryOptions({
    queryKey: ['domains', tenant, 'choice'],
    queryFn: ({ signal }) =>
      readAll((after) =>
        answer(
          api.GET('/tenants/{tenant}/domains', {
            params: { path: { tenant }, query: pageQuery(CHOSEN, after) },
            signal,
          }),
        ),
      ),
  });
}

/** One domain. */
export function domainQuery(tenant: string, domain: string) {
  return queryOptions({
    queryKey: ['domain', tenant, domain],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/tenants/{tenant}/domains/{domain}', {
          params: { path: { tenant, domain } },
          signal,
        }),
      ),
  });
}

/** Makes a domain. */
export function createDomain(tenant: string, body: DomainFields): Promise<Domain> {
  return answer(api.POST('/tenants/{tenant}/domains', { params: { path: { tenant } }, body }));
}

/** Changes what differs, as long as the domain is still of the revision. */
export function updateDomain(tenant: string, domain: string, change: Change<DomainFields>) {
  return answer(
    api.PATCH('/tenants/{tenant}/domains/{domain}', {
      params: { path: { tenant, domain }, header: ifMatch(change.revision) },
      headers: MERGE_PATCH,
      body: mergePatch(change.base, change.fields),
    }),
  );
}

/** Removes a domain, as it was when somebody looked at it. */
export async function removeDomain(tenant: string, domain: Domain): Promise<void> {
  await answer(
    api.DELETE('/tenants/{tenant}/domains/{domain}', {
      params: { path: { tenant, domain: domain.id } },
      headers: { ...ifMatch(domain.revision) },
    }),
  );
}

/** What can be set on a domain, as it is now. */
export function fieldsOfDomain(domain: Domain): DomainFields {
  const { title = '', hosts = [], is_http_allowed = false, is_https_allowed = true } = domain;
  return { title, hosts, is_http_allowed, is_https_allowed };
}

/** A domain of which nothing is known yet. */
export const NO_DOMAIN: DomainFields = {
  title: '',
  hosts: [],
  is_http_allowed: false,
  is_https_allowed: true,
};

/** The origins that a domain allows, as browsers write them. */
export function originsOf(domain: DomainFields | Domain): string[] {
  const { hosts, is_http_allowed, is_https_allowed } = domain;
  const schemes = [...(is_https_allowed ? ['https'] : []), ...(is_http_allowed ? ['http'] : [])];
  return (hosts ?? []).flatMap((host) => schemes.map((scheme) => `${scheme}://${host}`));
}
