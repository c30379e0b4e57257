import type { Paint } from './paint.ts';

/** A value a frame; null leaves a gap. */
export interface Curve {
  readonly values: ArrayLike<number | null>;
  /** When value `index` begins, seconds. */
  readonly at: (index: number) => number;
  /** The value in effect at a time. */
  readonly indexAt: (seconds: number) => number;
}

export const evenCurve = (values: ArrayLike<number | null>, fps: number): Curve => ({
  values,
  at: (index) => index / fps,
  indexAt: (seconds) => Math.floor(seconds * fps + 1e-6),
});

/**
 * The part on screen as a line; where several values share a pixel, the line spans them. `share` is 0 at the bottom and
 * 1 at the top.
 */
export function drawCurve(
  { context, view, top, width, height }: Paint,
  curve: Curve,
  style: {
    readonly colour: string;
    readonly dash?: readonly number[];
    readonly lineWidth?: number;
    readonly share: (value: number) => number;
  },
): void {
  const first = Math.max(0, curve.indexAt(view.window.from) - 1);
  const last = Math.min(curve.values.length - 1, curve.indexAt(view.seconds(width)) + 1);
  const y = (value: number) => top + height - 2 - Math.min(1, Math.max(0, style.share(value))) * (height - 4);
  context.save();
  context.strokeStyle = style.colour;
  context.lineWidth = style.lineWidth ?? 1.25;
  context.lineJoin = 'round';
  context.setLineDash([...(style.dash ?? [])]);
  context.beginPath();
  let drawing = false;
  let index = first;
  while (index <= last) {
    const x = view.x(curve.at(index));
    // All values of one pixel: a vertical stroke from the lowest to the highest.
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    do {
      const value = curve.values[index];
      if (value == null) drawing = false;
      else [low, high] = [Math.min(low, value), Math.max(high, value)];
      index++;
    } while (index <= last && view.x(curve.at(index)) < x + 1);
    if (high < low) continue;
    if (drawing) context.lineTo(x, y(low));
    else context.moveTo(x, y(low));
    if (high > low) context.lineTo(x, y(high));
    drawing = true;
  }
  context.stroke();
  context.restore();
}
