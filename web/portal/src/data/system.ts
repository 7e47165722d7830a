import { answer } from '@switchboard/client';
import { queryOptions } from '@tanstack/react-query';
import { api, type Schema } from '../app/gateway';

export type System = Schema<'SystemView'>;
export type Check = Schema<'Check'>;
export type JobHealth = Schema<'JobHealth'>;
export type SourceCounts = Schema<'SourceCounts'>;
export type Occupancy = Schema<'Occupancy'>;

/** How soon is seen how the gateway is doing, in milliseconds. */
const SYSTEM_MS = 10_000;

/** How the gateway is doing; looked at again and again. */
export const systemQuery = queryOptions({
  queryKey: ['system'],
  refetchInterval: SYSTEM_MS,
  queryFn: ({ signal }) => answer(api.GET('/system', { signal })),
});
