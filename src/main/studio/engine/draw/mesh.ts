import { CROP_SIDE, projectVertex, VERTICES } from '../../../../shared/face/index.ts';
import { GEOMETRY } from '../../../../shared/format/index.ts';
import type { Control, Rig } from '../bundle/index.ts';

/** Side of the coarse grid of rays under the head crop. */
export const RAY_SIDE = GEOMETRY.raySide;

/** Crop pixels x, y (0..256) and depth in cm into `out` [468,3] of head-space `vertices` [468,3]. */
export function projectToCrop(rig: Rig, control: Control, vertices: Float32Array, out: Float32Array): void {
  const { crop } = control;
  const scale = CROP_SIDE / crop[2]!;
  const seen = new Float64Array(3);
  for (let i = 0; i < VERTICES * 3; i += 3) {
    projectVertex(rig, control, vertices, i, seen);
    out[i] = (seen[0]! - crop[0]!) * scale;
    out[i + 1] = (seen[1]! - crop[1]!) * scale;
    out[i + 2] = seen[2]!;
  }
}
