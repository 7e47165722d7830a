/** Whom somebody keeps in sight: identities alone, for each user of this browser. Pure but for the storage. */

/** How many somebody may keep. */
export const MOST_FAVOURITES = 50;
/** How many users of one browser are remembered. */
const MOST_USERS = 8;
const KEY = 'switchboard-operator';
const ID = /^[0-9A-HJKMNP-TV-Z]{26}$/;

/** Favourites by whose they are; whoever changed theirs last comes first. */
export type Kept = readonly (readonly [whose: string, ids: readonly string[]])[];

/** Reads what was stored; what is not understood is left out. */
export function readKept(text: string | null): Kept {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '[]');
  } catch {
    return [];
  }
  if (!Array.isArray(value)) return [];
  return value.slice(0, MOST_USERS).flatMap((entry): Kept => {
    if (!Array.isArray(entry) || typeof entry[0] !== 'string' || !Array.isArray(entry[1]))
      return [];
    const ids = entry[1].filter((id): id is string => typeof id === 'string' && ID.test(id));
    return [[entry[0], ids.slice(0, MOST_FAVOURITES)]];
  });
}

/** The favourites of one user. */
export function favouritesOf(kept: Kept, whose: string): readonly string[] {
  return kept.find(([one]) => one === whose)?.[1] ?? [];
}

/** What is kept after somebody came in or went out; nobody comes in where there is no room. */
export function toggled(kept: Kept, whose: string, id: string): Kept {
  const before = favouritesOf(kept, whose);
  const isIn = before.includes(id);
  if (!isIn && before.length >= MOST_FAVOURITES) return kept;
  const ids = isIn ? before.filter((one) => one !== id) : [...before, id];
  const others = kept.filter(([one]) => one !== whose);
  return [[whose, ids] as const, ...others].slice(0, MOST_USERS);
}

/** What this browser keeps. */
export function loadKept(): Kept {
  try {
    return readKept(localStorage.getItem(KEY));
  } catch {
    return [];
  }
}

/** Keeps it for later visits. */
export function saveKept(kept: Kept): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing still shows them until the page is left.
  }
}
