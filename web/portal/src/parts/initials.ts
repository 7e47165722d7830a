/** How many colours there are. */
const HUES = 10;

/** What stands in brackets is no part of a name. */
const ASIDE = /\([^)]*\)|\[[^\]]*\]|\{[^}]*\}/g;

/** The first letters of the first and the last word. */
export function initialsOf(name: string): string {
  const words = name
    .replaceAll(ASIDE, ' ')
    .split(/[\s–—]+/)
    .map((word) => word.replace(/^[^\p{L}\p{N}]+/u, ''))
    .filter(Boolean);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends.map((word) => [...(word ?? '')][0]?.toUpperCase() ?? '').join('');
}

/** The same name has the same colour everywhere. */
export function hueOf(name: string): Hue {
  let sum = 0;
  for (const sign of name) sum = (sum * 31 + (sign.codePointAt(0) ?? 0)) % 65_521;
  return (sum % HUES) as Hue;
}

export type Hue = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;
