import { useQuery } from '@tanstack/react-query';
import { useMay } from '../../app/session';
import { publicationsToChooseQuery } from '../../data/choices';
import { type Domain, domainsToChooseQuery } from '../../data/domains';
import { grantsQuery } from '../../data/grants';
import { latestRunsQuery } from '../../data/home';
import { entriesQuery, type Publication } from '../../data/publications';
import type { Run } from '../../data/runs';
import { type Source, sourcesToChooseQuery } from '../../data/sources';
import type { Facts } from './steps';

/** What there is of a tenant, as far as who looks may see it. */
export interface Known {
  facts: Facts;
  domains: Domain[];
  sources: Source[];
  runs: Run[];
  publications: Publication[];
  isPending: boolean;
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
  const first = publications.data?.[0];
  const entries = useQuery({
    ...entriesQuery(tenant, first?.id ?? ''),
    enabled: mayPublish && first !== undefined,
  });
  const all = [grants, domains, sources, runs, publications, entries];
  return {
    facts: {
      administrators: grants.data?.filter(
        ({ role, scope }) => role === 'tenant' && scope.kind === 'tenant' && scope.id === tenant,
      ).length,
      domains: domains.data?.length,
      sources: sources.data,
      runs: runs.data,
      publications: publications.data,
      entries: entries.data?.entries.length,
    },
    domains: domains.data ?? [],
    sources: sources.data ?? [],
    runs: runs.data ?? [],
    publications: publications.data ?? [],
    isPending: all.some(({ isLoading }) => isLoading),
    error: all.find(({ error }) => error)?.error ?? null,
    retry: () => {
      for (const query of all) if (query.isError) void query.refetch();
    },
  };
}
