import { answer, pageQuery } from '@switchboard/client';
import { api, type Schema } from '../app/gateway';
import type { ListSource } from '../parts/list';

export type AuditEntry = Schema<'AuditView'>;

const PAGE = 100;

/** What was done in a tenant, latest first. */
export function auditSource(tenant: string): ListSource<AuditEntry> {
  return {
    key: ['audit', tenant],
    read: ({ after, signal }) =>
      answer(
        api.GET('/tenants/{tenant}/audit', {
          params: { path: { tenant }, query: pageQuery(PAGE, after) },
          signal,
        }),
      ),
  };
}

/** One changed value: its name, before and after, as text. */
export interface AuditChange {
  field: string;
  before: string | null;
  after: string | null;
}

/** The changed values of an entry; each is kept as `[before, after]`. */
export function changesOf({ changes }: AuditEntry): AuditChange[] {
  return Object.entries(changes as Record<string, unknown>).map(([field, pair]) => {
    const [before, after] = Array.isArray(pair) ? (pair as unknown[]) : [null, pair];
    return { field, before: textOf(before), after: textOf(after) };
  });
}

/** A value of the trail as text; null where there is none. */
export function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
