import type { MouseEvent } from 'react';

/** A click takes hold of something without giving it the focus: Space and the arrows go on meaning the playhead. */
export function keepFocus(event: MouseEvent): void {
  event.preventDefault();
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}

/** As a ref: what somebody just asked for has the focus from its first moment on. */
export function takeFocus(element: HTMLElement | null): void {
  element?.focus();
}
