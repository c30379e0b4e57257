import type { Control } from '../bundle/control.ts';
import { EXPRESSIONS, type Rig, VERTICES } from '../bundle/rig.ts';

/** Side of the rendered head crop in pixels, and of the coarse grid of rays under it. */
export const SIDE = 256;
export const RAY_SIDE = 64;

/** Head-space vertices `neutral + sum_k e_k basis_k` into `out` [468,3], cm. */
export function poseVertices(rig: Rig, expression: Float32Array, sums: Float64Array, out: Float32Array): void {
  const { neutral, expressionBasis } = rig;
  const size = VERTICES * 3;
  sums.fill(0);
  for (let k = 0; k < EXPRESSIONS; k++) {
    const weight = expression[k]!;
    if (weight === 0) continue;
    const row = k * size;
    for (let c = 0; c < size; c++) sums[c] = sums[c]! + weight * expressionBasis[row + c]!;
  }
  for (let c = 0; c < size; c++) out[c] = neutral[c]! + Math.fround(sums[c]!);
}

/** Crop pixels x, y (0..256) and depth in cm into `out` [468,3] of head-space `vertices` [468,3]. */
export function projectToCrop(rig: Rig, control: Control, vertices: Float32Array, out: Float32Array): void {
  const { rotation: r, translation: t, crop } = control;
  const { focal, principal } = rig;
  const scale = SIDE / crop[2]!;
  for (let i = 0; i < VERTICES * 3; i += 3) {
    const x = vertices[i]!;
    const y = vertices[i + 1]!;
    const z = vertices[i + 2]!;
    const depth = -(r[6]! * x + r[7]! * y + r[8]! * z + t[2]!);
    const u = principal[0]! + (focal * (r[0]! * x + r[1]! * y + r[2]! * z + t[0]!)) / depth;
    const v = principal[1]! - (focal * (r[3]! * x + r[4]! * y + r[5]! * z + t[1]!)) / depth;
    out[i] = (u - crop[0]!) * scale;
    out[i + 1] = (v - crop[1]!) * scale;
    out[i + 2] = depth;
  }
}
