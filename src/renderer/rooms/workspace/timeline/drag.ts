import type { PointerEvent } from 'react';

/** Pixels before a press becomes a drag. */
const SLOP = 3;

export interface Drag {
  /** Whether up and down make a drag of it too. */
  readonly upright?: boolean;
  /** By how much the pointer has moved since it was pressed, CSS pixels; `free` while Alt is held. */
  move(byX: number, event: { readonly free: boolean; readonly clientX: number; readonly byY: number }): void;
  /** Once, whether it was let go or taken away; `moved` when it was a drag and not a click. */
  end(moved: boolean): void;
}

/** Follows one press of the main button until it is let go, wherever the pointer goes. */
export function followPointer(event: PointerEvent<HTMLElement>, drag: Drag, slop = SLOP): void {
  const target = event.currentTarget;
  const { pointerId, clientX: startX, clientY: startY } = event;
  let moved = slop === 0;
  const move = (now: globalThis.PointerEvent) => {
    if (now.pointerId !== pointerId) return;
    const [byX, byY] = [now.clientX - startX, now.clientY - startY];
    moved ||= Math.abs(byX) > slop || (drag.upright === true && Math.abs(byY) > slop);
    if (moved) drag.move(byX, { free: now.altKey, clientX: now.clientX, byY });
  };
  const end = (now: globalThis.PointerEvent) => {
    if (now.pointerId !== pointerId) return;
    target.removeEventListener('pointermove', move);
    target.removeEventListener('lostpointercapture', end);
    drag.end(moved);
  };
  target.setPointerCapture(pointerId);
  target.addEventListener('pointermove', move);
  target.addEventListener('lostpointercapture', end); // also after pointerup and pointercancel
}
