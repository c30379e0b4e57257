import type { Control } from './control.ts';
import { poseVertices } from './mesh.ts';
import { type Rig, VERTICES } from './rig.ts';

export const LANDMARKS = 478;
const IRIS_POINTS = 5;
/** Corners of the right and the left eye. */
const EYE_CORNERS = [
  [33, 133],
  [362, 263],
] as const;

/** Landmarks [478,3] of one control in head space (cm, no pose): the 468 vertices, then the irises moved by the gaze. */
export class LandmarkPoser {
  readonly #rig: Rig;
  readonly #sums = new Float64Array(VERTICES * 3);

  constructor(rig: Rig) {
    this.#rig = rig;
  }

  pose({ expression, gaze }: Pick<Control, 'expression' | 'gaze'>, out: Float32Array): void {
    const { neutral, irisNeutral } = this.#rig;
    poseVertices(this.#rig, expression, this.#sums, out.subarray(0, VERTICES * 3));
    for (const [eye, [a, b]] of EYE_CORNERS.entries()) {
      const width = Math.hypot(...[0, 1, 2].map((c) => neutral[a * 3 + c]! - neutral[b * 3 + c]!));
      for (let point = eye * IRIS_POINTS; point < (eye + 1) * IRIS_POINTS; point++) {
        const at = (VERTICES + point) * 3;
        out[at] = irisNeutral[point * 3]! + gaze[eye * 2]! * width;
        out[at + 1] = irisNeutral[point * 3 + 1]! + gaze[eye * 2 + 1]! * width;
        out[at + 2] = irisNeutral[point * 3 + 2]!;
      }
    }
  }
}

/** Rotation vector (axis times angle, radians) of a rotation matrix, row-major. */
export function rotationVector(r: Float32Array): [number, number, number] {
  const cosine = Math.min(Math.max((r[0]! + r[4]! + r[8]! - 1) / 2, -1), 1);
  const angle = Math.acos(cosine);
  const axis: [number, number, number] = [r[7]! - r[5]!, r[2]! - r[6]!, r[3]! - r[1]!];
  const length = Math.hypot(...axis); // 2 sin(angle)
  if (length > 1e-6) return axis.map((c) => (c / length) * angle) as [number, number, number];
  if (cosine > 0) return [axis[0] / 2, axis[1] / 2, axis[2] / 2];
  // Half a turn: the axis is the column of (R + I) that is longest.
  const columns = [0, 1, 2].map((k) => [r[k]! + (k === 0 ? 1 : 0), r[3 + k]! + (k === 1 ? 1 : 0), r[6 + k]! + (k === 2 ? 1 : 0)]);
  const longest = columns.reduce((a, b) => (Math.hypot(...b) > Math.hypot(...a) ? b : a));
  return longest.map((c) => (c / Math.hypot(...longest)) * angle) as [number, number, number];
}
