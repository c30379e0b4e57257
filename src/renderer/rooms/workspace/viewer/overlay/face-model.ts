import { type Camera, EXPRESSIONS, type HeadPose, projectVertex, VERTICES } from '../../../../../shared/face/index.ts';
import type { FaceTrack } from '../../footage/track.ts';

/** Where the head is and what the face does; as in the track and in a live picture. */
export interface FacePose extends HeadPose {
  readonly expression: Float32Array; // [64]
}

export function poseAt({ expression, rotation, translation }: FaceTrack, frame: number): FacePose {
  return {
    expression: expression.subarray(frame * EXPRESSIONS, (frame + 1) * EXPRESSIONS),
    rotation: rotation.subarray(frame * 9, frame * 9 + 9),
    translation: translation.subarray(frame * 3, frame * 3 + 3),
  };
}

/**
 * Distance of each projected vertex to its measured landmark, source pixels, into `out` [468]; the answer is their
 * mean.
 */
export function residuals(
  camera: Camera,
  pose: HeadPose,
  vertices: Float32Array,
  landmarks: Float32Array,
  out: Float32Array,
): number {
  const seen = new Float64Array(3);
  let sum = 0;
  for (let vertex = 0, i = 0; vertex < VERTICES; vertex++, i += 3) {
    projectVertex(camera, pose, vertices, i, seen);
    const distance = Math.hypot(seen[0]! - landmarks[i]!, seen[1]! - landmarks[i + 1]!);
    out[vertex] = distance;
    sum += distance;
  }
  return sum / VERTICES;
}
