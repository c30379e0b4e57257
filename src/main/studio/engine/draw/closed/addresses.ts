import { CROP_SIDE, projectVertex, VERTICES } from '../../../../../shared/face/index.ts';
import type { Control, Rig } from '../../bundle/index.ts';
import type { Placement, Rectangle } from '../crop-layer.ts';
import { rasterize, rasterizeOver, type RasterTarget, rasterTarget } from '../rasterizer.ts';
import { Displacement } from './displacement.ts';
import type { PreparedAppearance } from './prepared.ts';
import { TurnedEyes } from './turned-eyes.ts';

/** Pixels that are addressed at once, so that no picture is too large: the whole crop where it has 256 a side. */
export const MOST_AT_ONCE = CROP_SIDE * CROP_SIDE;

/** What the chart's points are and where they lie on it. */
type Places = Pick<PreparedAppearance, 'corners' | 'around' | 'ring' | 'torso' | 'room'>;

/** Which texel of the chart each pixel of a picture shows. */
export class ChartAddresses {
  readonly #rig: Rig;
  readonly #places: Places;
  readonly #posed: Float32Array; // [P,3] crop pixels and depth, cm
  readonly #front: Float32Array; // [P,3] the same in pixels of the picture's part
  readonly #behind: Float32Array; // [P,3] all at one depth
  readonly #target = rasterTarget(CROP_SIDE, CROP_SIDE, 2);
  readonly #seen = new Float64Array(3);
  readonly #eyes: TurnedEyes;
  /** What moves the addresses further; of the last pose. */
  readonly displacement: Displacement | null;

  constructor(rig: Rig, { corners, around, ring, torso, room, displacement, loose }: PreparedAppearance) {
    this.#rig = rig;
    this.#places = { corners, around, ring, torso, room }; // the textures are let go
    this.#posed = new Float32Array((corners.length / 2) * 3);
    this.#front = new Float32Array(this.#posed.length);
    this.#behind = new Float32Array(this.#posed.length);
    this.displacement = Displacement.of({ displacement, loose });
    this.#eyes = new TurnedEyes(rig, corners);
  }

  /** Puts everything where a control says; `screen` is its mesh in the crop, as `Proxies.screen`. */
  pose(screen: Float32Array, control: Control): void {
    this.displacement?.mix(control);
    this.#eyes.pose(screen, control);
    const { ring, torso, room } = this.#places;
    const posed = this.#posed;
    const [x0, y0, size] = control.crop as unknown as [number, number, number];
    const scale = CROP_SIDE / size;
    for (let i = 0; i < VERTICES * 3; i++) posed[i] = screen[i]!;
    let at = VERTICES * 3;
    for (let i = 0; i < ring.length; i += 3, at += 3) {
      projectVertex(this.#rig, control, ring, i, this.#seen);
      posed[at] = (this.#seen[0]! - x0) * scale;
      posed[at + 1] = (this.#seen[1]! - y0) * scale;
      posed[at + 2] = this.#seen[2]!;
    }
    const t = control.torso;
    for (let i = 0; i < torso.length; i += 2, at += 3) {
      posed[at] = (t[0]! * torso[i]! + t[1]! * torso[i + 1]! + t[2]! - x0) * scale;
      posed[at + 1] = (t[3]! * torso[i]! + t[4]! * torso[i + 1]! + t[5]! - y0) * scale;
      posed[at + 2] = 1;
    }
    for (let i = 0; i < room.length; i += 2, at += 3) {
      posed[at] = (room[i]! - x0) * scale;
      posed[at + 1] = (room[i + 1]! - y0) * scale;
      posed[at + 2] = 1;
    }
  }

  /**
   * Of a part of the picture that holds `MOST_AT_ONCE` pixels at most: [height,width,2] in 256ths of the chart's side,
   * valid until the next call.
   */
  of(placement: Placement, rectangle: Rectangle): Float32Array {
    const { originX, originY, scale } = placement;
    const { left, top, width, height } = rectangle;
    const { corners, around } = this.#places;
    const front = this.#front;
    for (let i = 0; i < front.length; i += 3) {
      front[i] = this.#posed[i]! / scale + originX - left;
      front[i + 1] = this.#posed[i + 1]! / scale + originY - top;
      front[i + 2] = this.#posed[i + 2]!;
    }
    const behind = this.#behind;
    behind.set(front);
    for (let i = 2; i < behind.length; i += 3) behind[i] = 0;
    const part = partOf(this.#target, width, height);
    rasterize(part, behind, 1, corners, around);
    rasterizeOver(part, front, 1, corners, this.#rig.triangles);
    this.#eyes.turn(part, placement, rectangle);
    return part.image;
  }
}

/** A target of another shape in the same memory. */
function partOf({ channels, image, depth }: RasterTarget, width: number, height: number): RasterTarget {
  const count = width * height;
  return { width, height, channels, image: image.subarray(0, count * channels), depth: depth.subarray(0, count) };
}
