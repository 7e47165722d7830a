/** A scenario that never ends, and keeps its process busy: only its end helps. */
export async function never_ends() {
  for (;;);
}
