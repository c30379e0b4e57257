/** Whether the focus is where it is because of a pointer. */
let led = false;
/** A pointer is down, or what its press means is still being done. */
let pressed = false;
/** No key was pressed since the last press of a pointer. */
let newest = false;

export const ledByPointer = (): boolean => led;

/**
 * Follows what brings the focus where it is; the answer ends it. Focus that a program sets (a screen reader, a dialog
 * that closes) counts as the keyboard's, but for a menu's button that gets it back after a click.
 */
export function followPointer(): () => void {
  const listening = new AbortController();
  const on = <K extends keyof WindowEventMap>(name: K, handler: (event: WindowEventMap[K]) => void) =>
    window.addEventListener(name, handler, { capture: true, signal: listening.signal });
  on('pointerdown', () => {
    led = pressed = newest = true;
  });
  // A label gives the focus away only after its click.
  for (const end of ['pointerup', 'pointercancel'] as const) on(end, () => setTimeout(() => (pressed = false)));
  on('keydown', () => {
    newest = false;
  });
  on('focusin', ({ target }) => {
    led = pressed || (newest && target instanceof HTMLElement && target.hasAttribute('aria-haspopup'));
  });
  return () => listening.abort();
}
