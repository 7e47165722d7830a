import { answer, isSame, pageQuery } from '@switchboard/client';
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
  return Object.entries(changes as Record<string, unknown>).flatMap(([field, pair]) => {
    const [before, after] = Array.isArray(pair) ? (pair as unknown[]) : [null, pair];
    return differencesOf(field, before, after);
  });
}

/**
 * What of a value differs before and after, as text: of one that has fields of its own only those that do, such as
 * `enquiries.days`.
 */
export function differencesOf(field: string, before: unknown, after: unknown): AuditChange[] {
  if (!isRecord(before) || !isRecord(after)) {
    return [{ field, before: textOf(before), after: textOf(after) }];
  }
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names
    .filter((name) => !isSame(before[name], after[name]))
    .flatMap((name) => differencesOf(`${field}.${name}`, before[name], after[name]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value of the trail as text; null where there is none. */
function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
