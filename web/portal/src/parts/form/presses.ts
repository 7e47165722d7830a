/**
 * What a page shows after a field was left moves what is below. Done while a button of the mouse is still held,
 * that takes the click away from what was pressed: so it waits until the button is released.
 */

let isHeld = false;
const waiting = new Set<() => void>();

/** Follows what is pressed, from now until the returned function is called. */
export function watchPresses(): () => void {
  const ends = ['pointerup', 'pointercancel', 'blur'] as const;
  window.addEventListener('pointerdown', press, true);
  for (const end of ends) window.addEventListener(end, release, true);
  return () => {
    window.removeEventListener('pointerdown', press, true);
    for (const end of ends) window.removeEventListener(end, release, true);
    release();
  };
}

/** Does `work` at once, or as soon as nothing is held any more. */
export function afterPress(work: () => void): void {
  if (isHeld) waiting.add(work);
  else work();
}

function press(): void {
  isHeld = true;
}

function release(event?: Event): void {
  // A field that loses the focus is one reason to be here, not a window that does.
  if (event?.type === 'blur' && event.target !== window) return;
  isHeld = false;
  // The click follows the release and must still find its target.
  setTimeout(() => {
    const due = [...waiting];
    waiting.clear();
    for (const work of due) work();
  });
}
