/** One page of a list. */
export interface Page<T> {
  items: T[];
  next?: string | null;
}

/** Which page of a list is wanted. */
export interface PageQuery {
  limit?: number;
  after?: string;
  q?: string;
}

/** The query of a page, without what is empty. */
export function pageQuery(limit: number, after?: string | null, q?: string): PageQuery {
  const words = q?.trim();
  return { limit, ...(after ? { after } : {}), ...(words ? { q: words } : {}) };
}

/** Reads every item of a list, one page after another; `most` bounds how many. */
export async function readAll<T>(
  read: (after: string | undefined) => Promise<Page<T>>,
  most = 10_000,
): Promise<T[]> {
  const items: T[] = [];
  let after: string | undefined;
  do {
    const page = await read(after);
    items.push(...page.items);
    after = page.next ?? undefined;
  } while (after && items.length < most);
  return items.slice(0, most);
}
