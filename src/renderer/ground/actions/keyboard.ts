import { useEffect } from 'react';
import { followPointer, ledByPointer } from './hand.ts';
import { actions, type ActionRegistry } from './registry.ts';
import { strokesOf } from './shortcut.ts';

/** Keys that a control with the focus uses itself. */
const OF_BUTTONS = /^(Space|Enter)$/;
const OF_CHOICES = /^(Space|Enter|Arrow\w+|Home|End|PageUp|PageDown)$/;
const OF_SLIDERS = /^(Enter|Arrow\w+|Home|End|PageUp|PageDown)$/; // Space goes on meaning play

/** The one place where key presses become actions. */
export function useKeyboard(): void {
  useEffect(() => {
    const forgetPointer = followPointer();
    // Before what was clicked can use the key itself; but what a click opened is closed by Escape first.
    const early = (event: KeyboardEvent) => {
      if (event.key === 'Escape' || !ledByPointer() || takesKeys(event.target)) return;
      if (dispatch(actions, event)) event.stopPropagation();
    };
    const listen = (event: KeyboardEvent) => void dispatch(actions, event);
    window.addEventListener('keydown', early, { capture: true });
    window.addEventListener('keydown', listen);
    return () => {
      forgetPointer();
      window.removeEventListener('keydown', early, { capture: true });
      window.removeEventListener('keydown', listen);
    };
  }, []);
}

/** Does what the key press stands for; false when it means nothing here, or belongs to what has the focus. */
export function dispatch(registry: ActionRegistry, event: KeyboardEvent): boolean {
  // A key press of an input method, or one that types a third-level sign, is text.
  if (event.defaultPrevented || event.isComposing || event.getModifierState('AltGraph')) return false;
  const strokes = strokesOf(event);
  const action = registry.find(strokes);
  if (!action || (event.repeat && !action.repeats)) return false;
  if (!action.everywhere && (inDialog() || strokes.some((stroke) => claims(event.target, stroke)))) return false;
  event.preventDefault();
  // Else it would be pressed when the key comes up again, and stand there in a ring that nobody asked for.
  if (ledByPointer() && !takesText(event.target) && !inDialog()) (event.target as HTMLElement).blur?.();
  action.run();
  return true;
}

export function inDialog(): boolean {
  return document.querySelector('[role="dialog"][aria-modal="true"], [role="menu"]') !== null;
}

/** Is this where text is typed? */
export function takesText(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !/^(radio|checkbox|range|button|submit|file|color)$/.test(target.type);
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLElement && target.isContentEditable);
}

/** Is every key its own here: where text is typed, or the keys of a shortcut are waited for? */
function takesKeys(target: EventTarget | null): boolean {
  return takesText(target) || (target instanceof HTMLElement && target.matches('[data-takes-keys]'));
}

/**
 * Whether the element with the focus has its own use for the key. What was clicked has none: for whoever works with a
 * pointer the keys are those of the transport, always.
 */
function claims(target: EventTarget | null, stroke: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (takesText(target)) return true;
  if (ledByPointer()) return false;
  if (target instanceof HTMLSelectElement) return true;
  if (target.matches('input[type=range], [role=slider], [role=separator]')) return OF_SLIDERS.test(stroke);
  if (target.matches('input[type=radio], video, audio, [role=radio], [role=tab], [role=option]'))
    return OF_CHOICES.test(stroke);
  if (target.matches('button, a[href], summary, input, [role=button], [role=switch], [role=checkbox]'))
    return OF_BUTTONS.test(stroke);
  return false;
}
