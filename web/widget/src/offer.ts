import type { Context } from './context';
import type { Snapshot } from './wire';

/** What the part does that is loaded only where visitors may leave something. */
export interface EnquiryModule {
  /** Shows what can be left above `before`, as long as `isOffered`; whoever is writing may end. */
  show(before: HTMLElement, isOffered: boolean, snapshot: Snapshot, context: Context): void;
}

let loading: Promise<EnquiryModule> | null = null;

/** Lets visitors leave something while nobody can be reached, where the page takes it. */
export function offer(before: HTMLElement, snapshot: Snapshot, context: Context): void {
  const { isReachable, whenUnreachable } = snapshot.publication;
  // A callback, or a form.
  const isOffered = !isReachable && /back|form/.test(whenUnreachable);
  if (isOffered) loading ??= import(/* @vite-ignore */ `${context.gateway}/widget/enquiry.js`);
  loading
    ?.then((module) => module.show(before, isOffered, snapshot, context))
    .catch(() => {
      // Looked for again when something changes.
      loading = null;
    });
}
