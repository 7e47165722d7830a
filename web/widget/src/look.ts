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
/** What looked otherwise once, and is put back by the part as well. */
const wanted = new WeakSet<HTMLElement>();

/** How the element looks: as usual, or as the part knows, for which nothing waits long. */
export function lookOf(...of: Parameters<TemplateModule['look']>): Look | null {
  const [host, , publication, { gateway }, changed] = of;
  const { contact, conversation } = publication?.templates ?? {};
  const isOther = contact || host.matches('[placement],[preview]');
  if (isOther || conversation) wanted.add(host);
  if (!wanted.has(host)) return PLAIN;
  const found = part<TemplateModule>(gateway, 'template', changed);
  // Cards are the same before a conversation has a greeting.
  return found ? found.look(...of) : found === null || !isOther ? PLAIN : null;
}
