/** A size in screen (device) pixels, or in source pixels, as the name beside it says. */
export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

/** The part of the source that is on show, source pixels: all of it, or what the avatar's picture covers. */
export interface SourcePart extends PixelSize {
  readonly x0: number;
  readonly y0: number;
}

/**
 * How large the picture is: all of it, or `scale` screen pixels per source pixel with the point (x, y), 0..1 of the
 * part, in the middle.
 */
export type Zoom =
  { readonly kind: 'fit' } | { readonly kind: 'free'; readonly scale: number; readonly x: number; readonly y: number };
export const FIT: Zoom = { kind: 'fit' };

/** Where source pixels land on the stage: screen x = left + scale * (u - part.x0), likewise y. */
export interface Placement {
  readonly scale: number;
  readonly left: number;
  readonly top: number;
  readonly part: SourcePart;
}

/** Beyond this a source pixel is a tile. */
const LARGEST = 16;
/** The picture may shrink to this share of what fits. */
const SMALLEST = 0.5;

/** Screen pixels per source pixel at which all of `part` is on the stage, with a margin of `margin` pixels. */
export function fitScale(part: PixelSize, stage: PixelSize, margin = 0): number {
  return Math.max(1e-3, Math.min((stage.width - 2 * margin) / part.width, (stage.height - 2 * margin) / part.height));
}

/** Where the picture lies by `zoom`, to a fraction of a pixel: what gestures add up. */
export function laidOut(zoom: Zoom, part: SourcePart, stage: PixelSize, margin = 0): Placement {
  const { scale, x, y } = zoom.kind === 'fit' ? { scale: fitScale(part, stage, margin), x: 0.5, y: 0.5 } : zoom;
  return {
    scale,
    part,
    left: stage.width / 2 - x * part.width * scale,
    top: stage.height / 2 - y * part.height * scale,
  };
}

/** Where it is drawn: on whole pixels, so that a picture at 100 % is shown pixel for pixel. */
export function place(zoom: Zoom, part: SourcePart, stage: PixelSize, margin = 0): Placement {
  const { left, top, ...rest } = laidOut(zoom, part, stage, margin);
  return { ...rest, left: Math.round(left), top: Math.round(top) };
}

/** Zooms by `factor`; what lies under (x, y), screen pixels, stays there. */
export function zoomAt(
  { scale, part, left, top }: Placement,
  factor: number,
  stage: PixelSize,
  at: { readonly x: number; readonly y: number },
): Zoom {
  const smallest = SMALLEST * Math.min(1, fitScale(part, stage));
  const next = Math.min(LARGEST, Math.max(smallest, scale * factor));
  const [u, v] = [(at.x - left) / scale, (at.y - top) / scale];
  return centred(next, part, u + (stage.width / 2 - at.x) / next, v + (stage.height / 2 - at.y) / next);
}

/** Moves the picture by (dx, dy) screen pixels; its middle never leaves it. */
export function pan({ scale, part, left, top }: Placement, stage: PixelSize, dx: number, dy: number): Zoom {
  return centred(scale, part, (stage.width / 2 - left - dx) / scale, (stage.height / 2 - top - dy) / scale);
}

function centred(scale: number, part: PixelSize, u: number, v: number): Zoom {
  const inside = (value: number) => Math.min(1, Math.max(0, value));
  return { kind: 'free', scale, x: inside(u / part.width), y: inside(v / part.height) };
}
