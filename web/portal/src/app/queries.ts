import { Problem } from '@switchboard/client';
import { QueryClient } from '@tanstack/react-query';

/** What was read stays good for this long, in milliseconds. */
const FRESH_MS = 15_000;

/** Keeps what was read. A refusal is an answer and is not asked for again; a lost connection is. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        networkMode: 'always',
        retry: (failures, error) =>
          failures < 2 && !(error instanceof Problem && error.status < 500),
        retryDelay: (attempt) => 500 * 2 ** attempt,
      },
      mutations: { networkMode: 'always' },
    },
  });
}
