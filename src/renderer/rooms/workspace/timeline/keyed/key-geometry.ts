import type { Keyframe, LaneRange } from '../../../../../shared/domain/lanes/index.ts';

/** Half of a diamond, CSS pixels; and how near a press has to be. */
export const DIAMOND = 4.5;
export const NEAR = 8;

interface Row {
  readonly height: number;
  readonly open: boolean;
}

/** How far from the row's top a value lies, CSS pixels; in a closed row all of them lie on its middle. */
export function rowY({ height, open }: Row, value: number, { from, to }: LaneRange): number {
  if (!open) return height / 2;
  const share = to > from ? Math.min(1, Math.max(0, (value - from) / (to - from))) : 0.5;
  return height - DIAMOND - 1 - share * (height - 2 * DIAMOND - 2);
}

/** By how much a value rises for each pixel up. */
export function risePerPixel({ height, open }: Row, { from, to }: LaneRange): number {
  return open ? (to - from) / (height - 2 * DIAMOND - 2) : 0;
}

/** The keyframe under a press, the nearest one. `x` says where a moment lies; `point` is within the row. */
export function keyNear(
  keys: readonly Keyframe[],
  point: { readonly x: number; readonly y: number },
  row: Row,
  range: LaneRange,
  x: (seconds: number) => number,
): Keyframe | undefined {
  let found: Keyframe | undefined;
  let nearest = NEAR;
  for (const key of keys) {
    const distance = Math.hypot(x(key.at) - point.x, row.open ? rowY(row, key.value, range) - point.y : 0);
    if (distance > nearest) continue;
    nearest = distance;
    found = key;
  }
  return found;
}
