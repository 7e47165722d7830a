import { answer, pageQuery, readAll } from '@switchboard/client';
import { queryOptions } from '@tanstack/react-query';
import { api, type Schema } from '../app/gateway';
import type { ListSource } from '../parts/list';
import { sifted } from './sifted';

export type Run = Schema<'RunView'>;
export type RunEntry = Schema<'RunEntryView'>;
export type RunAction = Schema<'RunAction'>;
export type Progress = Schema<'ProgressView'>;
export type Extent = Run['extent'];
export type StartedRuns = Schema<'StartedRuns'>;

export const RUN_ACTIONS: readonly RunAction[] = [
  'create',
  'link',
  'update',
  'disable',
  'enable',
  'set_aside',
  'set_photo',
  'remove_photo',
  'create_group',
  'rename_group',
  'remove_group',
  'join_group',
  'leave_group',
  'not_found',
  'remove',
  'unlink',
  'restore',
];

const PAGE = 100;
const ENTRIES = 500;
const LIST_MS = 10_000;
/** How soon a run that goes on is looked at again, and how late at most, in milliseconds. */
const FIRST_MS = 500;
const LAST_MS = 10_000;
const STEPS = 4;

/** The runs of a tenant, latest first; of one source when it is given. */
export function runsSource(tenant: string, source?: string): ListSource<Run> {
  const all: ListSource<Run> = {
    key: ['runs', tenant, source ?? 'all'],
    refreshMs: LIST_MS,
    read: ({ after, signal }) =>
      answer(
        api.GET('/tenants/{tenant}/runs', {
          params: { path: { tenant }, query: pageQuery(PAGE, after) },
          signal,
        }),
      ),
  };
  // The API lists the runs of all sources together.
  return source ? sifted(all, (run) => run.source === source) : all;
}

/** Whether a run has not ended. */
export function isOpen({ state }: Run): boolean {
  return state === 'running' || state === 'awaiting_approval';
}

/** How long to wait before a run is looked at for the next time; it goes on for long, look rarely. */
export function pollMs(run: Run | undefined, looks: number): number | false {
  if (!run || !isOpen(run)) return false;
  if (run.state === 'awaiting_approval') return LAST_MS;
  return Math.min(LAST_MS, FIRST_MS * 2 ** Math.floor(looks / STEPS));
}

/** One run, looked at again as long as it goes on. */
export function runQuery(tenant: string, run: string) {
  return queryOptions({
    queryKey: ['run', tenant, run],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/tenants/{tenant}/runs/{run}', { params: { path: { tenant, run } }, signal }),
      ),
    refetchInterval: ({ state }) => pollMs(state.data, state.dataUpdateCount),
  });
}

/** What a run does, or did, with each entry; only one kind of it when `action` is given. */
export function entriesSource(
  tenant: string,
  run: Run,
  action: RunAction | undefined,
): ListSource<RunEntry> {
  const only = action ? { action } : {};
  return {
    // What is planned and what was done are different records.
    key: ['entries', tenant, run.id, run.state, action ?? 'all'],
    read: ({ after, signal }) =>
      answer(
        api.GET('/tenants/{tenant}/runs/{run}/entries', {
          params: {
            path: { tenant, run: run.id },
            query: { ...pageQuery(ENTRIES, after), ...only },
          },
          signal,
        }),
      ),
  };
}

/** Where is told how far a run has come, below the API's address. */
export function progressPath(tenant: string, run: string): string {
  return `/tenants/${tenant}/runs/${run}/progress`;
}

/** Where all that a run does, or did, is as one file. */
export function reportAddress(tenant: string, run: string, format: 'csv' | 'json'): string {
  return `/api/v1/tenants/${tenant}/runs/${run}/report?format=${format}`;
}

/** What a run did with the entry of one contact. */
export function entriesOfContactQuery(tenant: string, run: Run, contact: string) {
  const source = entriesSource(tenant, run, undefined);
  return queryOptions({
    queryKey: ['entries', tenant, run.id, run.state, 'of', contact],
    queryFn: async ({ signal }) => {
      const read = (after: string | undefined) => source.read({ after, q: undefined, signal });
      const all = await readAll(read, ENTRIES);
      return all.filter((entry) => entry.contact === contact);
    },
  });
}

/** The entries that a run would disable, at most `most` of them. */
export function leaversQuery(tenant: string, run: Run, most: number) {
  const source = entriesSource(tenant, run, 'disable');
  return queryOptions({
    queryKey: ['leavers', tenant, run.id, run.state, most],
    queryFn: ({ signal }) => readAll((after) => source.read({ after, q: undefined, signal }), most),
  });
}

/** Starts a run of a source; as a preview its plan waits to be approved before anything is written. */
export function startRun(
  tenant: string,
  source: string,
  how: { extent?: Extent; isPreview?: boolean },
): Promise<Run> {
  const { extent = 'whole', isPreview = false } = how;
  return answer(
    api.POST('/tenants/{tenant}/sources/{source}/runs', {
      params: {
        path: { tenant, source },
        query: { extent, ...(isPreview && { is_preview: true }) },
      },
    }),
  );
}

/** The first entries of what a run does, or did. */
export function firstEntriesQuery(tenant: string, run: Run, most: number) {
  const source = entriesSource(tenant, run, undefined);
  return queryOptions({
    queryKey: ['entries', tenant, run.id, run.state, 'first', most],
    queryFn: ({ signal }) => readAll((after) => source.read({ after, q: undefined, signal }), most),
  });
}

/** Starts a run of every source of a tenant that is in service. */
export function startAllRuns(tenant: string, extent: Extent): Promise<StartedRuns> {
  return answer(
    api.POST('/tenants/{tenant}/runs', { params: { path: { tenant }, query: { extent } } }),
  );
}

/** Applies exactly the plan that was shown. */
export async function approveRun(tenant: string, run: string): Promise<void> {
  await answer(
    api.POST('/tenants/{tenant}/runs/{run}/approve', { params: { path: { tenant, run } } }),
  );
}

/** Starts a run that plans to take another one back. */
export function undoRun(tenant: string, run: string): Promise<Run> {
  return answer(
    api.POST('/tenants/{tenant}/runs/{run}/undo', { params: { path: { tenant, run } } }),
  );
}

/** Ends a run that goes on or waits, at its next safe point. */
export async function cancelRun(tenant: string, run: string): Promise<void> {
  await answer(
    api.POST('/tenants/{tenant}/runs/{run}/cancel', { params: { path: { tenant, run } } }),
  );
}
