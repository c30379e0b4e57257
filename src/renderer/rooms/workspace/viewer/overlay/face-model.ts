import { EXPRESSIONS, type FaceTrack, VERTICES } from '../../footage/track.ts';

/** Where the head is and what the face does; as in the track and in a live picture. */
export interface FacePose {
  readonly expression: Float32Array; // [64]
  readonly rotation: Float32Array; // [9] head to camera, row-major
  readonly translation: Float32Array; // [3] cm
}

export function poseAt({ expression, rotation, translation }: FaceTrack, frame: number): FacePose {
  return {
    expression: expression.subarray(frame * EXPRESSIONS, (frame + 1) * EXPRESSIONS),
    rotation: rotation.subarray(frame * 9, frame * 9 + 9),
    translation: translation.subarray(frame * 3, frame * 3 + 3),
  };
}

/** Head-space vertices `neutral + sum_k e_k basis_k` into `out` [468,3], cm. */
export function poseVertices({ neutral, basis }: FaceTrack, expression: Float32Array, out: Float32Array): void {
  out.set(neutral);
  const size = VERTICES * 3;
  for (let k = 0; k < EXPRESSIONS; k++) {
    const weight = expression[k]!;
    if (weight === 0) continue;
    for (let c = 0, row = k * size; c < size; c++, row++) out[c] = out[c]! + weight * basis[row]!;
  }
}

/**
 * Distance of each projected vertex to its measured landmark, source pixels, into `out` [468]; the answer is their
 * mean.
 */
export function residuals(
  { focal, principal }: FaceTrack,
  { rotation: r, translation: t }: FacePose,
  vertices: Float32Array,
  landmarks: Float32Array,
  out: Float32Array,
): number {
  let sum = 0;
  for (let vertex = 0, i = 0; vertex < VERTICES; vertex++, i += 3) {
    const x = vertices[i]!;
    const y = vertices[i + 1]!;
    const z = vertices[i + 2]!;
    const depth = -(r[6]! * x + r[7]! * y + r[8]! * z + t[2]!);
    const u = principal[0] + (focal * (r[0]! * x + r[1]! * y + r[2]! * z + t[0]!)) / depth;
    const v = principal[1] - (focal * (r[3]! * x + r[4]! * y + r[5]! * z + t[1]!)) / depth;
    const distance = Math.hypot(u - landmarks[i]!, v - landmarks[i + 1]!);
    out[vertex] = distance;
    sum += distance;
  }
  return sum / VERTICES;
}
