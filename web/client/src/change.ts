/** The parameters by which a change says what it is based on. */
export interface Based {
  'If-Match': string;
}

/** The entity tag of a revision. */
export function ifMatch(revision: number): Based {
  return { 'If-Match': `"${revision}"` };
}

/** How a change is sent: as a JSON merge patch. */
export const MERGE_PATCH = { 'Content-Type': 'application/merge-patch+json' } as const;

/**
 * What turns `before` into `after`: the fields that differ (RFC 7386). Fields of `after` alone are
 * looked at; `undefined` there counts as null, which takes a value away. It has the type of the
 * whole, because the document describes patches so.
 */
export function mergePatch<T extends object>(before: T, after: Partial<T>): T {
  const names = Object.keys(after) as (keyof T)[];
  const changed = names.filter((name) => !isSame(before[name], after[name]));
  return Object.fromEntries(changed.map((name) => [name, after[name] ?? null])) as T;
}

/** Whether two values of JSON are the same; absent and null are. */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other || (one ?? null) === (other ?? null)) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, at) => isSame(item, other[at]));
  }
  if (!isRecord(one) || !isRecord(other)) return false;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => isSame(one[name], other[name]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
