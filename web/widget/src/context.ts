import type { Times } from './language';
import type { Look } from './look';
import type { Card } from './wire';
import type { Spoken } from './words';

/** What every part of the drawing needs to know; a new one makes every card draw itself again. */
export interface Context extends Spoken {
  times: Times;
  look: Look;
  /** The address that relative pictures are resolved against. */
  gateway: string;
  /** The heading level of the title; names are one level below. */
  level: number;
  /** The local day that the times were said on. */
  day: string;
  /** Tells the page that a visitor has chosen a way to reach somebody; false when it takes over. */
  chosen(card: Card, kind: string, href: string): boolean;
}
