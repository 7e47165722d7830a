import { keepPreviousData, skipToken, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { itemsQuery } from './items';
import type { ListSource } from './types';

/** The items of a list as far as they are loaded, and the way to more. */
export interface Items<T> {
  items: T[];
  /** Not while the items are of the search before. */
  hasMore: boolean;
  loadMore: () => void;
  /** Reads on until the end, or until `most` items are there; says what is there then. */
  loadAll: (most: number) => Promise<T[]>;
  isLoading: boolean;
  isLoadingMore: boolean;
  /** The items are of the search before; those of this one are on their way. */
  isStale: boolean;
  error: unknown;
  retry: () => void;
}

/** Reads a list page by page. */
export function useItems<T>(source: ListSource<T>, q: string | undefined): Items<T> {
  const query = useInfiniteQuery({
    ...itemsQuery(source, q),
    placeholderData: keepPreviousData,
    ...(source.refreshMs ? { refetchInterval: source.refreshMs } : {}),
  });
  const { fetchNextPage, hasNextPage, isFetchingNextPage, data } = query;
  const items = useMemo(() => data?.pages.flatMap(({ items }) => items) ?? [], [data]);
  return {
    items,
    loadAll: async (most) => {
      let loaded = items;
      for (let hasMore = hasNextPage; hasMore && loaded.length < most; ) {
        const next = await fetchNextPage();
        if (next.error) throw next.error;
        loaded = next.data?.pages.flatMap(({ items }) => items) ?? [];
        hasMore = next.hasNextPage;
      }
      return loaded.slice(0, most);
    },
    hasMore: hasNextPage,
    loadMore: () => {
      if (hasNextPage && !isFetchingNextPage && !query.isError) void fetchNextPage();
    },
    isLoading: query.isPending,
    isLoadingMore: isFetchingNextPage,
    isStale: query.isPlaceholderData,
    error: query.error,
    retry: () => void (query.data ? fetchNextPage() : query.refetch()),
  };
}

/** How many items there are in all, which is asked for as long as `hasMore` than are loaded; null when nobody says. */
export function useCount<T>(
  source: ListSource<T>,
  q: string | undefined,
  hasMore: boolean,
): number | null {
  const { count } = source;
  const { data } = useQuery({
    queryKey: [...source.key, 'count', q ?? ''],
    queryFn: hasMore && count ? ({ signal }) => count({ q, signal }) : skipToken,
  });
  return hasMore ? (data ?? null) : null;
}
