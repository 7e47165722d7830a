import { infiniteQueryOptions } from '@tanstack/react-query';
import type { ListSource } from './types';

/** The items of a list that `q` finds, page by page; a search that is no longer wanted is aborted. */
export function itemsQuery<T>(source: ListSource<T>, q: string | undefined) {
  return infiniteQueryOptions({
    queryKey: [...source.key, 'list', q ?? ''],
    queryFn: ({ pageParam, signal }) => source.read({ after: pageParam, q, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  });
}
