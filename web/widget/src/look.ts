import type { Context } from './context';
import { part } from './part';
import type { Card, Publication } from './wire';

/** How an element looks; another object when that changes. */
export interface Look {
  /** Puts a card, whose parts were drawn, into its form. */
  dress?(element: HTMLElement, card: Card): void;
}

/** What the part does that is loaded only where something looks otherwise than it usually does. */
export interface TemplateModule {
  /** How the element looks now; null until that is known, which `changed` tells. */
  look(
    host: HTMLElement,
    root: HTMLElement,
    publication: Publication | undefined,
    context: Context,
    changed: () => void,
  ): Look | null;
}

export const PLAIN: Look = {};
let isWanted = false;

/** How the element looks: as usual, or as the part knows, for which nothing waits long. */
export function lookOf(...of: Parameters<TemplateModule['look']>): Look | null {
  const [host, , publication, { gateway }, changed] = of;
  isWanted ||=
    host.matches('[placement],[preview]') || Object.keys(publication?.templates ?? {}).length > 0;
  if (!isWanted) return PLAIN;
  const found = part<TemplateModule>(gateway, 'template', changed);
  return found ? found.look(...of) : found === null ? PLAIN : null;
}
