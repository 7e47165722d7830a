/** Which colleagues are shown, and under what. Pure. */

/** How many colleagues are looked at: what the gateway takes in one request. */
export const MOST_PEOPLE = 200;

/** A group of the one who works, with its members by name. */
export interface Team {
  id: string;
  name: string;
  members: readonly string[];
  /** It has more members than were read. */
  hasMore: boolean;
}

/** People under a heading. */
export interface Section {
  id: string;
  /** The heading; null for favourites. */
  name: string | null;
  people: readonly string[];
}

/** Everybody who is shown. */
export interface Sections {
  sections: readonly Section[];
  /** All of them, each once. */
  ids: readonly string[];
  /** There are more in the groups. */
  hasMore: boolean;
}

/** The sections: favourites first, then each group. Who is in several groups stands in each of them, and counts once. */
export function sectionsOf(
  {
    favourites,
    teams,
    own,
  }: { favourites: readonly string[]; teams: readonly Team[]; own: string },
  most = MOST_PEOPLE,
): Sections {
  const seen = new Set<string>();
  let hasMore = false;
  const admitted = (id: string): boolean => {
    if (id === own) return false;
    if (!seen.has(id) && seen.size >= most) {
      hasMore = true;
      return false;
    }
    seen.add(id);
    return true;
  };
  const sections: Section[] = [];
  const add = (id: string, name: string | null, members: readonly string[]): void => {
    const people = [...new Set(members)].filter(admitted);
    if (people.length > 0) sections.push({ id, name, people });
  };
  add('favourites', null, favourites);
  for (const { id, name, members, hasMore: isCut } of teams) {
    add(id, name, members);
    hasMore ||= isCut;
  }
  return { sections, ids: [...seen], hasMore };
}
