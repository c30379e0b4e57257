import { pan, zoomAt, FIT, type Placement, type PixelSize, type Zoom } from './placement.ts';
import { approached, type Orbit, turned } from './overlay/orbit.ts';

/** What a gesture works on; asked anew at each of its steps. */
export interface Held {
  readonly placement: Placement;
  readonly stage: PixelSize; // screen pixels
  readonly ratio: number; // screen pixels per CSS pixel
  readonly zoom: Zoom;
  readonly orbit: Orbit | null; // the head is being looked at instead of the picture
}

export interface GestureEvents {
  readonly held: () => Held | null;
  readonly zoom: (zoom: Zoom) => void;
  readonly turn: (orbit: Orbit) => void;
}

/** Zoom for each pixel of a wheel's turn; pinches on a touchpad come as small turns with Ctrl. */
const WHEEL = 0.0015;
const PINCH = 0.01;
/** Arrow keys move the picture by this, CSS pixels, and turn the head by this share of a half turn. */
const KEY_STEP = 48;
const KEY_TURN = 0.06;
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [1, 0],
  ArrowRight: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** Wheel, pinch, drag, double click and arrow keys on the stage; the answer ends them. */
export function listen(surface: HTMLElement, { held, zoom, turn }: GestureEvents): () => void {
  const pointers = new Map<number, { readonly x: number; readonly y: number }>();
  const listening = new AbortController();
  const on = <K extends keyof HTMLElementEventMap>(name: K, handler: (event: HTMLElementEventMap[K]) => void) =>
    surface.addEventListener(name, handler, { signal: listening.signal, passive: false });
  const at = (event: MouseEvent) => {
    const box = surface.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const zoomBy = (factor: number, { x, y }: { readonly x: number; readonly y: number }) => {
    const now = held();
    if (!now) return;
    if (now.orbit) turn(approached(now.orbit, factor));
    else zoom(zoomAt(now.placement, factor, now.stage, { x: x * now.ratio, y: y * now.ratio }));
  };
  const moveBy = (dx: number, dy: number) => {
    const now = held();
    if (!now) return;
    if (now.orbit) turn(turned(now.orbit, (dx * now.ratio) / now.stage.height, (dy * now.ratio) / now.stage.height));
    else if (now.zoom.kind === 'free') zoom(pan(now.placement, now.stage, dx * now.ratio, dy * now.ratio));
  };
  on('wheel', (event) => {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    zoomBy(Math.exp(-event.deltaY * lines * (event.ctrlKey ? PINCH : WHEEL)), at(event));
  });
  on('pointerdown', (event) => {
    if (event.target !== surface || (event.button !== 0 && event.button !== 1)) return;
    if (event.button === 1) event.preventDefault(); // no autoscroll
    surface.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, at(event));
  });
  on('pointermove', (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const now = at(event);
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other)
      zoomBy(
        Math.hypot(now.x - other.x, now.y - other.y) / Math.max(1, Math.hypot(before.x - other.x, before.y - other.y)),
        other,
      );
    else moveBy(now.x - before.x, now.y - before.y);
    pointers.set(event.pointerId, now);
  });
  for (const end of ['pointerup', 'pointercancel', 'lostpointercapture'] as const)
    on(end, (event) => void pointers.delete(event.pointerId));
  on('dblclick', () => zoom(FIT));
  on('keydown', (event) => {
    const arrow = ARROWS[event.key];
    const now = held();
    if (!arrow || !now || event.target !== surface || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!now.orbit && now.zoom.kind === 'fit') return; // then they are the playhead's
    event.preventDefault();
    if (now.orbit) turn(turned(now.orbit, arrow[0] * KEY_TURN, arrow[1] * KEY_TURN));
    else moveBy(arrow[0] * KEY_STEP, arrow[1] * KEY_STEP);
  });
  return () => listening.abort();
}
