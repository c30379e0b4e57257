import {
  type Keyframe,
  type LaneName,
  type LaneRange,
  LANES,
  placeOf,
  valueAt,
} from '../../../../../shared/domain/lanes/index.ts';
import { DIAMOND, rowY } from '../keyed/key-geometry.ts';
import type { Paint } from './paint.ts';

/** What a lane would be without its keyframes: a value every `every` seconds from `from` on. */
export interface Ghost {
  readonly from: number;
  readonly every: number;
  readonly values: readonly number[];
}

interface Shown {
  readonly name: LaneName;
  readonly keys: readonly Keyframe[];
  readonly chosen: ReadonlySet<string>;
  readonly range: LaneRange;
  /** Neither muted nor silenced by another that is solo. */
  readonly heeded: boolean;
  readonly ghost: Ghost | null;
  readonly open: boolean;
}

/** Pixels between points of a curve. */
const FINE = 2;

/** A lane of keyframes: what would be without them, the curve that they make, and a diamond each. */
export function drawKeyed(paint: Paint, shown: Shown): void {
  const { context, colours, view, top, width, height } = paint;
  const { keys, chosen, range, open, ghost } = shown;
  const y = (value: number) => top + rowY({ height, open }, value, range);
  context.save();
  context.beginPath();
  context.rect(0, top, width, height);
  context.clip();
  if (open) {
    line(paint, colours.line, 1, [
      [0, y(range.usual)],
      [width, y(range.usual)],
    ]);
    if (ghost)
      line(
        paint,
        colours.tracked,
        1,
        ghost.values.map((value, place) => [view.x(ghost.from + place * ghost.every), y(value)] as const),
      );
  }
  context.globalAlpha = shown.heeded ? 1 : 0.4;
  if (keys.length > 0 && LANES[shown.name].way !== 'moments') drawCurve(paint, shown, y);
  for (const key of keys) {
    const x = view.x(key.at);
    if (x < -DIAMOND || x > width + DIAMOND) continue;
    const picked = chosen.has(key.id);
    diamond(context, x, y(key.value));
    context.fillStyle = picked ? colours.chosen : colours.key;
    context.fill();
    context.lineWidth = picked ? 2 : 1;
    context.strokeStyle = picked ? colours.key : colours.lane;
    context.stroke();
  }
  context.restore();
}

function drawCurve(paint: Paint, { keys, open }: Shown, y: (value: number) => number): void {
  const { view, width, top, height, colours } = paint;
  const [first, last] = [keys[0]!, keys.at(-1)!];
  if (!open) {
    // Where it says something: from the first to the last.
    const middle = top + height / 2;
    line(paint, colours.key, 1, [
      [Math.max(0, view.x(first.at)), middle],
      [Math.min(width, view.x(last.at)), middle],
    ]);
    return;
  }
  const points: (readonly [number, number])[] = [];
  for (let x = 0; x <= width; x += FINE) {
    const seconds = view.seconds(x);
    const before = keys[placeOf(keys, seconds)];
    const held = before?.curve === 'hold' && x > 0 && view.seconds(x - FINE) < before.at;
    if (held) points.push([x, points.at(-1)![1]]); // a step is upright
    points.push([x, y(valueAt(keys, seconds)!)]);
  }
  line(paint, colours.key, 1.5, points);
}

function line(
  { context }: Paint,
  colour: string,
  lineWidth: number,
  points: readonly (readonly [number, number])[],
): void {
  context.strokeStyle = colour;
  context.lineWidth = lineWidth;
  context.lineJoin = 'round';
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.stroke();
}

function diamond(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.beginPath();
  context.moveTo(x, y - DIAMOND);
  context.lineTo(x + DIAMOND, y);
  context.lineTo(x, y + DIAMOND);
  context.lineTo(x - DIAMOND, y);
  context.closePath();
}
