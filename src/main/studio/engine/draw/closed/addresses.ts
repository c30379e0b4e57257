import { CROP_SIDE, projectVertex, VERTICES } from '../../../../../shared/face/index.ts';
import type { Control, Rig } from '../../bundle/index.ts';
import { rasterize, rasterTarget } from '../rasterizer.ts';
import type { Appearance } from './appearance.ts';

/** Which texel of the chart each pixel of the head crop shows. */
export class ChartAddresses {
  readonly #rig: Rig;
  readonly #appearance: Appearance;
  readonly #front: Float32Array; // [P,3] crop pixels and depth, cm
  readonly #behind: Float32Array; // [P,3] the same, all at one depth
  readonly #face = rasterTarget(CROP_SIDE, CROP_SIDE, 2);
  readonly #around = rasterTarget(CROP_SIDE, CROP_SIDE, 2);
  readonly #seen = new Float64Array(3);

  constructor(rig: Rig, appearance: Appearance) {
    this.#rig = rig;
    this.#appearance = appearance;
    this.#front = new Float32Array((appearance.corners.length / 2) * 3);
    this.#behind = new Float32Array(this.#front.length);
  }

  /** `screen` is the mesh in the crop, as `Proxies.screen`. */
  place(screen: Float32Array, control: Control): void {
    const { corners, around, ring, torso, room } = this.#appearance;
    const front = this.#front;
    const [x0, y0, size] = control.crop as unknown as [number, number, number];
    const scale = CROP_SIDE / size;
    for (let i = 0; i < VERTICES * 3; i++) front[i] = screen[i]!;
    let at = VERTICES * 3;
    for (let i = 0; i < ring.length; i += 3, at += 3) {
      projectVertex(this.#rig, control, ring, i, this.#seen);
      front[at] = (this.#seen[0]! - x0) * scale;
      front[at + 1] = (this.#seen[1]! - y0) * scale;
      front[at + 2] = this.#seen[2]!;
    }
    const t = control.torso;
    for (let i = 0; i < torso.length; i += 2, at += 3) {
      front[at] = (t[0]! * torso[i]! + t[1]! * torso[i + 1]! + t[2]! - x0) * scale;
      front[at + 1] = (t[3]! * torso[i]! + t[4]! * torso[i + 1]! + t[5]! - y0) * scale;
      front[at + 2] = 1;
    }
    for (let i = 0; i < room.length; i += 2, at += 3) {
      front[at] = (room[i]! - x0) * scale;
      front[at + 1] = (room[i + 1]! - y0) * scale;
      front[at + 2] = 1;
    }
    this.#behind.set(front);
    for (let i = 2; i < this.#behind.length; i += 3) this.#behind[i] = 0;
    rasterize(this.#around, this.#behind, 1, corners, around);
    rasterize(this.#face, front, 1, corners, this.#rig.triangles);
    const { depth, image } = this.#face;
    const behind = this.#around.image;
    for (let pixel = 0; pixel < depth.length; pixel++) {
      if (depth[pixel] !== Infinity) continue;
      image[pixel * 2] = behind[pixel * 2]!;
      image[pixel * 2 + 1] = behind[pixel * 2 + 1]!;
    }
  }

  /** [256,256,2] in 256ths of the chart's side, as last placed. */
  get positions(): Float32Array {
    return this.#face.image;
  }
}
