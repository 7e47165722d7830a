import { type UseQueryResult, useQueries, useQuery } from '@tanstack/react-query';
import { useMay } from '../../app/session';
import { publicationsToChooseQuery } from '../../data/choices';
import { type Domain, domainsToChooseQuery } from '../../data/domains';
import { grantsQuery } from '../../data/grants';
import { latestRunsQuery } from '../../data/home';
import { entriesQuery, type Publication } from '../../data/publications';
import type { Run } from '../../data/runs';
import { type Source, sourcesToChooseQuery } from '../../data/sources';
import { type Facts, furthest, type Part, type Published, toLookInto } from './steps';

/** Something that could not be read, and another attempt. */
export interface Unread {
  part: Part;
  error: unknown;
  retry: () => void;
}

/** What there is of a tenant, as far as who looks may see it. */
export interface Known {
  facts: Facts;
  domains: Domain[];
  sources: Source[];
  runs: Run[];
  publications: (Publication & Published)[];
  /** The one to go on with. */
  publication: (Publication & Published) | undefined;
  /** Everything was asked for; what is not known yet would look as if it were not there. */
  isSettled: boolean;
  /** What failed, be it that it was read before. */
  unread: Unread[];
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
  const published = useQuery({ ...publicationsToChooseQuery(tenant), enabled: mayPublish });
  const { publications, shown } = useShown(tenant, published.data ?? []);
  const asked: readonly Asked[] = [
    { part: 'administrators', queries: [grants] },
    { part: 'domains', queries: [domains] },
    { part: 'sources', queries: [sources] },
    { part: 'runs', queries: [runs] },
    { part: 'publications', queries: [published, ...shown] },
  ];
  const unread = asked.filter(({ queries }) => queries.some(isUnread)).map(({ part }) => part);
  return {
    facts: {
      administrators: grants.data?.filter(
        ({ role, scope }) => role === 'tenant' && scope.kind === 'tenant' && scope.id === tenant,
      ).length,
      domains: domains.data?.length,
      sources: sources.data,
      runs: runs.data,
      publications,
      unread,
    },
    domains: domains.data ?? [],
    sources: sources.data ?? [],
    runs: runs.data ?? [],
    publications,
    publication: furthest(publications),
    isSettled: asked.every(({ queries }) => queries.every(({ isLoading }) => !isLoading)),
    unread: asked.flatMap(failed),
  };
}

interface Asked {
  part: Part;
  queries: readonly UseQueryResult[];
}

function isUnread({ data, isError }: UseQueryResult): boolean {
  return isError && data === undefined;
}

function failed({ part, queries }: Asked): Unread[] {
  const failing = queries.filter(({ isError }) => isError);
  const retry = (): void => {
    for (const query of failing) void query.refetch();
  };
  return failing.slice(0, 1).map(({ error }) => ({ part, error, retry }));
}

/** How much publications show: a few of them are looked into, all at once. */
function useShown(tenant: string, all: readonly Publication[]) {
  const asked = toLookInto(all);
  const shown = useQueries({ queries: asked.map(({ id }) => entriesQuery(tenant, id)) });
  const publications = all.map((one) => ({
    ...one,
    entries: shown[asked.indexOf(one)]?.data?.entries.length,
  }));
  return { publications, shown };
}
