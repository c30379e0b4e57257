import type { MouseEvent } from 'react';

/** A click takes hold of something without giving it the focus: Space and the arrows go on meaning the playhead. */
export function keepFocus(event: MouseEvent): void {
  event.preventDefault();
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}
