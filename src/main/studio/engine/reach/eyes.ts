import type { Direction } from './angles.ts';

/** From the middle of an eyeball to the plane of its iris, cm. */
const IRIS_TURNS_AT = 1.2;
const DEGREES = 180 / Math.PI;
/** Corners of the right and the left eye, and the middle of their irises. */
export const EYES = [
  { corners: [33, 133], iris: 0 },
  { corners: [362, 263], iris: 5 },
] as const;

/** From corner to corner of the right and the left eye of a face [V,3] at rest, cm. */
export function eyeWidths(neutral: Float32Array): readonly [number, number] {
  const width = ([a, b]: readonly [number, number]): number =>
    Math.hypot(...[0, 1, 2].map((axis) => neutral[a * 3 + axis]! - neutral[b * 3 + axis]!));
  return [width(EYES[0].corners), width(EYES[1].corners)];
}

/** How eyes look in their head: of a gaze [4] in eye widths from where both irises rest, cm from straight ahead. */
export function lookInHead(
  gaze: ArrayLike<number>,
  [right, left]: readonly [number, number],
  rest: { readonly x: number; readonly y: number },
): Direction {
  return {
    yaw: angleOf(rest.x + (gaze[0]! * right + gaze[2]! * left) / 2),
    pitch: angleOf(rest.y + (gaze[1]! * right + gaze[3]! * left) / 2),
  };
}

/** Where irises are that look so in their head, cm from straight ahead. */
export function offsetsOf({ yaw, pitch }: Direction): { readonly x: number; readonly y: number } {
  return { x: offsetOf(yaw), y: offsetOf(pitch) };
}

export function offsetOf(degrees: number): number {
  return IRIS_TURNS_AT * Math.sin(degrees / DEGREES);
}

function angleOf(cm: number): number {
  return Math.asin(Math.min(Math.max(cm / IRIS_TURNS_AT, -1), 1)) * DEGREES;
}
