import type { NumberRange } from '../../data/sites';

/** How many ranges of numbers a site has at most. */
export const MAX_RANGES = 100;

/** What is wrong with a range, as `directory/model/src/site.rs` has it. */
export function rangeRefusal({ from, to }: NumberRange): 'from' | 'to' | null {
  if (!isNumber(from)) return 'from';
  const isOrdered = isNumber(to) && to.length === from.length && to >= from;
  return isOrdered ? null : 'to';
}

/** A number as it is kept: what people write between digits goes. */
export function bareNumber(text: string): string {
  return text.replace(/[\s()/.-]/g, '').replace(/^00/, '+');
}

function isNumber(text: string): boolean {
  return /^\+[1-9]\d{3,14}$/.test(text);
}
