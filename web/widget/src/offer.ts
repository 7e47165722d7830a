import type { Context } from './context';
import { part } from './part';
import type { Snapshot } from './wire';

/** What the part does that is loaded only where visitors may leave something. */
export interface EnquiryModule {
  /** Shows what can be left above `before`, as long as `isOffered`; whoever is writing may end. */
  show(before: HTMLElement, isOffered: boolean, snapshot: Snapshot, context: Context): void;
}

let isWanted = false;

/** Lets visitors leave something while nobody can be reached, where the page takes it. */
export function offer(before: HTMLElement, snapshot: Snapshot, context: Context): void {
  const { isReachable, whenUnreachable } = snapshot.publication;
  // A callback, or a form.
  const isOffered = !isReachable && /back|form/.test(whenUnreachable);
  isWanted ||= isOffered;
  if (!isWanted) return;
  const again = (): void => offer(before, snapshot, context);
  const found = part<EnquiryModule>(context.gateway, 'enquiry', again);
  found?.show(before, isOffered, snapshot, context);
}
