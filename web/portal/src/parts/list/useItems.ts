import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { ListSource } from './types';

/** The items of a list as far as they are loaded, and the way to more. */
export interface Items<T> {
  items: T[];
  hasMore: boolean;
  loadMore: () => void;
  isLoading: boolean;
  isLoadingMore: boolean;
  /** The items are of the search before; those of this one are on their way. */
  isStale: boolean;
  error: unknown;
  retry: () => void;
}

/** Reads a list page by page; a search that is no longer wanted is aborted. */
export function useItems<T>(source: ListSource<T>, q: string | undefined): Items<T> {
  const query = useInfiniteQuery({
    queryKey: [...source.key, 'list', q ?? ''],
    queryFn: ({ pageParam, signal }) => source.read({ after: pageParam, q, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
    ...(source.refreshMs ? { refetchInterval: source.refreshMs } : {}),
  });
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query;
  return {
    items: query.data?.pages.flatMap(({ items }) => items) ?? [],
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
