import { CROP_SIDE } from '../../../../shared/face/index.ts';
import type { Rig } from '../bundle/index.ts';
import { type Placement, type Proxies, RAY_SIDE } from '../draw/index.ts';
import type { PlanarPicture } from './planar.ts';

const BOX = 19; // cm; points are divided by it
/** Skin that speech does not move: from this far above the lips upwards. */
const ABOVE_LIPS = 2.5; // cm
const BELOW_HAIR = 1; // cm under the top of the forehead
const FOREHEAD = 10;

/** A pixel of the picture. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Where, on the upper face, a picture and what is drawn for it show the same, as the frame's mesh covers it. */
export function upperFace(
  rig: Rig,
  { points, depth }: Proxies,
  picture: PlanarPicture,
  { originX, originY, scale }: Placement,
): Place[] {
  const lowest = rig.lipCentre[1]! + ABOVE_LIPS;
  const highest = rig.neutral[FOREHEAD * 3 + 1]! - BELOW_HAIR;
  const places: Place[] = [];
  for (let ray = 0; ray < RAY_SIDE * RAY_SIDE; ray++) {
    const column = (ray % RAY_SIDE) * 4 + 2;
    const row = Math.floor(ray / RAY_SIDE) * 4 + 2;
    if (depth[row * CROP_SIDE + column] === Infinity) continue;
    const height = points[ray * 3 + 1]! * BOX;
    if (height < lowest || height > highest) continue;
    const x = Math.floor(originX + (column + 0.5) / scale);
    const y = Math.floor(originY + (row + 0.5) / scale);
    if (x < 0 || y < 0 || x >= picture.width || y >= picture.height) continue;
    places.push({ x, y });
  }
  return places;
}
