import { Camera } from 'three';
import type { Placement, PixelSize } from '../placement.ts';

/** Nearer and farther than anything drawn, cm. Landmarks lie `focal` away, see flat.ts. */
const NEAR = 1;
const FAR = 1e5;

/**
 * The camera that the fit was made with (docs/formats.md, Coordinates), looking at the stage: world space is camera
 * space,
 * `u = cx + f·x/-z`, `v = cy - f·y/-z` in source pixels, which `placement` puts on the stage.
 */
export class FitCamera extends Camera {
  place(
    focal: number,
    principal: readonly [number, number],
    { scale, left, top, part }: Placement,
    stage: PixelSize,
  ): void {
    const [cx, cy] = principal;
    // Screen x = left + scale·(u - x0) is -1..1 across the stage, and y the other way up.
    const x = (left + scale * (cx - part.x0)) / stage.width;
    const y = (top + scale * (cy - part.y0)) / stage.height;
    this.projectionMatrix.set(
      (2 * scale * focal) / stage.width, 0, 1 - 2 * x, 0,
      0, (2 * scale * focal) / stage.height, 2 * y - 1, 0,
      0, 0, -(FAR + NEAR) / (FAR - NEAR), (-2 * FAR * NEAR) / (FAR - NEAR),
      0, 0, -1, 0,
    ); // prettier-ignore
    this.projectionMatrixInverse.copy(this.projectionMatrix).invert();
  }
}
