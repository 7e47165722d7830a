/** What comes after a scenario that never ends. */
export async function is_done_all_the_same() {}
