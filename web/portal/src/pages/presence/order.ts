/** `order` with what is at `at` one place further up or down; at an end it stays. */
export function moved<T>(order: readonly T[], at: number, by: -1 | 1): T[] {
  const to = at + by;
  const next = [...order];
  if (at < 0 || to < 0 || at >= next.length || to >= next.length) return next;
  const [one] = next.splice(at, 1) as [T];
  next.splice(to, 0, one);
  return next;
}
