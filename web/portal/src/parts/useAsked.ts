import { type ReactNode, useState } from 'react';

/** A question about one thing at a time: who asks, and the dialog while it is open. */
export function useAsked<T>(dialog: (about: T, close: () => void) => ReactNode): {
  ask: (about: T) => void;
  dialog: ReactNode;
} {
  const [asked, setAsked] = useState<{ about: T } | null>(null);
  const close = (): void => setAsked(null);
  return { ask: (about) => setAsked({ about }), dialog: asked && dialog(asked.about, close) };
}
