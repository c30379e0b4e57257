import { EXPRESSIONS } from '../../../../shared/face/index.ts';
import type { Rig } from '../bundle/index.ts';

/**
 * A spoken expression [64] as the head shows it that is held by `rotation` [3,3]; of older avatars the same array. It
 * is not clamped again: each coefficient for itself, that would open shut lips.
 */
export function withHeadTurn(
  { headTurn }: Pick<Rig, 'headTurn'>,
  spoken: Float32Array,
  rotation: Float32Array,
): Float32Array {
  if (!headTurn) return spoken;
  const { angles, slopes } = headTurn;
  const turned = rotationVector(rotation).map(
    (angle, axis) => Math.min(Math.max(angle, angles[axis]!), angles[6 + axis]!) - angles[3 + axis]!,
  );
  const parts = [1, ...turned, ...turned.map((angle) => angle ** 2)];
  return spoken.map((value, k) => parts.reduce((sum, part, row) => sum + part * slopes[row * EXPRESSIONS + k]!, value));
}

/** Axis times angle (radians) of a row-major rotation matrix. */
export function rotationVector(r: Float32Array): [number, number, number] {
  const cosine = Math.min(1, Math.max(-1, (r[0]! + r[4]! + r[8]! - 1) / 2));
  const angle = Math.acos(cosine);
  const twist: [number, number, number] = [r[7]! - r[5]!, r[2]! - r[6]!, r[3]! - r[1]!];
  if (angle < 1e-6) return [twist[0] / 2, twist[1] / 2, twist[2] / 2];
  if (Math.PI - angle > 1e-4) {
    const scale = angle / (2 * Math.sin(angle));
    return [twist[0] * scale, twist[1] * scale, twist[2] * scale];
  }
  // Half a turn: the twist vanishes, the axis is the largest column of (R + I) / 2.
  const column = [0, 1, 2].reduce((best, axis) => (r[axis * 4]! > r[best * 4]! ? axis : best), 0);
  const axis = [0, 1, 2].map((row) => (r[row * 3 + column]! + (row === column ? 1 : 0)) / 2);
  const length = Math.hypot(...axis);
  return [(axis[0]! / length) * angle, (axis[1]! / length) * angle, (axis[2]! / length) * angle];
}
