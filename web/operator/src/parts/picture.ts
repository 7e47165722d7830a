/** The kinds of pictures, by how they begin in base64. */
const KINDS = [
  ['/9j/', 'jpeg'],
  ['iVBORw', 'png'],
  ['UklGR', 'webp'],
] as const;

/** An address for a picture; null for what is none. */
export function dataUrl(base64: string | null): string | null {
  if (!base64 || !/^[A-Za-z0-9+/]+=*$/.test(base64)) return null;
  const kind = KINDS.find(([begin]) => base64.startsWith(begin))?.[1];
  return kind ? `data:image/${kind};base64,${base64}` : null;
}
