import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMay } from '../../app/session';
import { publicationsToChooseQuery } from '../../data/choices';
import { type Domain, domainsToChooseQuery } from '../../data/domains';
import { grantsQuery } from '../../data/grants';
import { latestRunsQuery } from '../../data/home';
import { entriesQuery, type Publication } from '../../data/publications';
import type { Run } from '../../data/runs';
import { type Source, sourcesToChooseQuery } from '../../data/sources';
import { type Facts, furthest, isOnPage, type Published } from './steps';

/** How many publications are looked into for one that is on a page. */
const LOOKED = 20;

/** What there is of a tenant, as far as who looks may see it. */
export interface Known {
  facts: Facts;
  domains: Domain[];
  sources: Source[];
  runs: Run[];
  /** The one to go on with. */
  publication: (Publication & Published) | undefined;
  /** Everything was read; what is not known yet would look as if it were not there. */
  isRead: boolean;
  error: unknown;
  retry: () => void;
}

/** Finds out what there is: which steps are done is kept nowhere. */
export function useFacts(tenant: string, isAbove: boolean): Known {
  const may = useMay(tenant);
  const grants = useQuery({ ...grantsQuery(tenant), enabled: isAbove });
  const domains = useQuery({ ...domainsToChooseQuery(tenant), enabled: may('read_domains') });
  const maySources = may('read_sources');
  const sources = useQuery({ ...sourcesToChooseQuery(tenant), enabled: maySources });
  const runs = useQuery({ ...latestRunsQuery(tenant), enabled: maySources });
  const mayPublish = may('read_publications');
  const publications = useQuery({ ...publicationsToChooseQuery(tenant), enabled: mayPublish });
  const shown = useShown(tenant, publications.data ?? []);
  const all = [grants, domains, sources, runs, publications, ...shown.queries];
  return {
    facts: {
      administrators: grants.data?.filter(
        ({ role, scope }) => role === 'tenant' && scope.kind === 'tenant' && scope.id === tenant,
      ).length,
      domains: domains.data?.length,
      sources: sources.data,
      runs: runs.data,
      publications: shown.publications,
    },
    domains: domains.data ?? [],
    sources: sources.data ?? [],
    runs: runs.data ?? [],
    publication: furthest(shown.publications),
    isRead: all.every(({ isLoading, isError }) => !isLoading && !isError),
    error: all.find(({ error }) => error)?.error ?? null,
    retry: () => {
      for (const query of all) if (query.isError) void query.refetch();
    },
  };
}

/** How much publications show. They are looked into one after the other, up to the first on a page. */
function useShown(tenant: string, all: readonly Publication[]) {
  const client = useQueryClient();
  const some = all.slice(0, LOOKED);
  const last = some.findIndex((one) => {
    const known = client.getQueryData(entriesQuery(tenant, one.id).queryKey);
    return !known || isOnPage({ ...one, entries: known.entries.length });
  });
  const asked = last < 0 ? some : some.slice(0, last + 1);
  const queries = useQueries({ queries: asked.map(({ id }) => entriesQuery(tenant, id)) });
  const publications = all.map((one, at) => ({
    ...one,
    entries: queries[at]?.data?.entries.length,
  }));
  return { publications, queries };
}
