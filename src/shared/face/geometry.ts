import { EXPRESSIONS, VERTICES } from './sizes.ts';

/** A face mesh at rest, and what each coefficient of an expression does to it. */
export interface Face {
  readonly neutral: Float32Array; // [468,3] cm
  readonly expressionBasis: Float32Array; // [64,468,3] cm a unit
}

/** Where a head is held. */
export interface HeadPose {
  readonly rotation: Float32Array; // [9] head to camera, row-major
  readonly translation: Float32Array; // [3] cm
}

/** A pinhole without distortion, in source pixels. */
export interface Camera {
  readonly focal: number;
  readonly principal: ArrayLike<number>; // [2]
}

/** Used by one call at a time: nothing here waits. In doubles, as the trainer sums. */
const sums = new Float64Array(VERTICES * 3);

/** Head-space vertices `neutral + sum_k e_k basis_k` into `out` [468,3], cm. */
export function poseVertices({ neutral, expressionBasis }: Face, expression: Float32Array, out: Float32Array): void {
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

/**
 * Where the camera sees the vertex whose head-space coordinates (cm) begin at `vertices[at]`: x and y in source pixels
 * and its depth in cm, into `out` [3].
 */
export function projectVertex(
  { focal, principal }: Camera,
  { rotation: r, translation: t }: HeadPose,
  vertices: Float32Array,
  at: number,
  out: Float64Array,
): void {
  const x = vertices[at]!;
  const y = vertices[at + 1]!;
  const z = vertices[at + 2]!;
  const depth = -(r[6]! * x + r[7]! * y + r[8]! * z + t[2]!);
  out[0] = principal[0]! + (focal * (r[0]! * x + r[1]! * y + r[2]! * z + t[0]!)) / depth;
  out[1] = principal[1]! - (focal * (r[3]! * x + r[4]! * y + r[5]! * z + t[1]!)) / depth;
  out[2] = depth;
}
