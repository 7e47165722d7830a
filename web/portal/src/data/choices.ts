import { answer, readAll } from '@switchboard/client';
import { queryOptions } from '@tanstack/react-query';
import { api } from '../app/gateway';

const PAGE = 500;

/** Every site of a tenant, for a choice. */
export function sitesToChooseQuery(tenant: string) {
  return queryOptions({
    queryKey: ['sites', tenant, 'choice'],
    queryFn: ({ signal }) =>
      readAll((after) =>
        answer(
          api.GET('/tenants/{tenant}/sites', {
            params: { path: { tenant }, query: { limit: PAGE, ...(after ? { after } : {}) } },
            signal,
          }),
        ),
      ),
  });
}

/** Every group of a tenant, for a choice. */
export function groupsToChooseQuery(tenant: string) {
  return queryOptions({
    queryKey: ['groups', tenant, 'choice'],
    queryFn: ({ signal }) =>
      readAll((after) =>
        answer(
          api.GET('/tenants/{tenant}/groups', {
            params: { path: { tenant }, query: { limit: PAGE, ...(after ? { after } : {}) } },
            signal,
          }),
        ),
      ),
  });
}

/** Every publication of a tenant, for a choice. */
export function publicationsToChooseQuery(tenant: string) {
  return queryOptions({
    queryKey: ['publications', tenant, 'choice'],
    queryFn: ({ signal }) =>
      readAll((after) =>
        answer(
          api.GET('/tenants/{tenant}/publications', {
            params: { path: { tenant }, query: { limit: PAGE, ...(after ? { after } : {}) } },
            signal,
          }),
        ),
      ),
  });
}
