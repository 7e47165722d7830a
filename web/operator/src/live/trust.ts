/** Whether what was told last is still believed. Pure. */

/** After how much silence nobody's state is believed any more, in milliseconds. */
export const SILENT_MS = 25_000;
/** How long a connection may be lost before nobody's state is believed any more, in milliseconds. */
export const LOST_MS = 5_000;

/** What is known of the connection, in milliseconds since 1970. */
export interface Line {
  /** When the gateway was heard last; null before it ever was. */
  heardAt: number | null;
  /** When the connection was lost; null while there is one that told what it is to tell. */
  lostAt: number | null;
}

/** Whether states may be shown. A clock that jumps, as over a sleep, makes everything old. */
export function isTrusted({ heardAt, lostAt }: Line, now: number): boolean {
  if (heardAt === null) return false;
  const isFresh = (at: number, most: number): boolean => now >= at - most && now - at < most;
  return isFresh(heardAt, SILENT_MS) && (lostAt === null || isFresh(lostAt, LOST_MS));
}
