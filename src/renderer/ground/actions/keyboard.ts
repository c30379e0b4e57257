import { useEffect } from 'react';
import { actions, type ActionRegistry } from './registry.ts';
import { strokesOf } from './shortcut.ts';

/** Keys that a control with the focus uses itself. */
const OF_BUTTONS = /^(Space|Enter)$/;
const OF_CHOICES = /^(Space|Enter|Arrow\w+|Home|End|PageUp|PageDown)$/;
const OF_SLIDERS = /^(Enter|Arrow\w+|Home|End|PageUp|PageDown)$/; // Space goes on meaning play

/** The one place where key presses become actions. */
export function useKeyboard(): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => void dispatch(actions, event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
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

/** Whether the element with the focus has its own use for the key. */
function claims(target: EventTarget | null, stroke: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (takesText(target) || target instanceof HTMLSelectElement) return true;
  if (target.matches('input[type=range], [role=slider], [role=separator]')) return OF_SLIDERS.test(stroke);
  if (target.matches('input[type=radio], video, audio, [role=radio], [role=tab], [role=option]'))
    return OF_CHOICES.test(stroke);
  if (target.matches('button, a[href], summary, input, [role=button], [role=switch], [role=checkbox]'))
    return OF_BUTTONS.test(stroke);
  return false;
}
