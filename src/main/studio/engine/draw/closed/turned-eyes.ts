import { CROP_SIDE, projectVertex } from '../../../../../shared/face/index.ts';
import type { Control, Rig } from '../../bundle/index.ts';
import type { Placement, Rectangle } from '../crop-layer.ts';
import type { RasterTarget } from '../rasterizer.ts';
import { EyeOpening, type Point } from './eye-opening.ts';

/** The margins of an eye's lids towards the picture's right, and the middle of its iris among the iris's points. */
const EYES = [
  {
    upper: [33, 246, 161, 160, 159, 158, 157, 173, 133],
    lower: [33, 7, 163, 144, 145, 153, 154, 155, 133],
    iris: 0,
  },
  {
    upper: [362, 398, 384, 385, 386, 387, 388, 466, 263],
    lower: [362, 382, 381, 380, 374, 373, 390, 249, 263],
    iris: 5,
  },
] as const;
/** Points of an iris beside its middle: those to its sides, as lids do not hide them. */
const SIDES = [1, 3] as const;
/** What is nearer than an eye by so much, cm, hides it. */
const BEFORE = 0.3;
/** Pixels of the crop: what moves an iris by less is the filmed gaze. */
const LEAST_MOVE = 0.01;

/**
 * Eyes that look elsewhere than they did when they were filmed. The chart is mixed as it was filmed; what shows between
 * the lids is looked up where the iris was, so that it is where it shall be.
 */
export class TurnedEyes {
  readonly #rig: Rig;
  readonly #openings: readonly EyeOpening[];
  readonly #widths: readonly number[]; // cm
  readonly #seen = new Float64Array(3);
  #turned: readonly EyeOpening[] = [];

  /** `corners` [P,2]: where the mesh's vertices lie on the chart. */
  constructor(rig: Rig, corners: Float32Array) {
    this.#rig = rig;
    this.#openings = EYES.map(({ upper, lower }) => new EyeOpening(rig.triangles, corners, upper, lower));
    this.#widths = EYES.map(({ upper }) => {
      const [a, b] = [upper[0] * 3, upper[8] * 3];
      return Math.hypot(...[0, 1, 2].map((axis) => rig.neutral[b + axis]! - rig.neutral[a + axis]!));
    });
  }

  /** `screen` is the mesh in the crop, as `Proxies.screen`. */
  pose(screen: Float32Array, control: Control): void {
    const { gaze, filmedGaze } = control;
    this.#turned = [];
    if (!filmedGaze) return;
    this.#turned = this.#openings.filter((opening, eye) => {
      opening.pose(screen);
      const [was, is] = [this.#iris(control, filmedGaze, eye), this.#iris(control, gaze, eye)];
      const [right, left] = SIDES.map((side) => this.#iris(control, gaze, eye, side)) as [Point, Point];
      return opening.turn(was, is, Math.hypot(right.x - left.x, right.y - left.y) / 2) > LEAST_MOVE;
    });
  }

  /** Changes the addresses of a part of a picture, where its depths say that eyes show. */
  turn({ image, depth, width, height }: RasterTarget, { originX, originY, scale }: Placement, at: Rectangle): void {
    for (const opening of this.#turned) {
      const box = opening.box();
      const left = Math.max(0, Math.ceil(box.left / scale + originX - at.left - 0.5));
      const right = Math.min(width - 1, Math.floor(box.right / scale + originX - at.left - 0.5));
      const top = Math.max(0, Math.ceil(box.top / scale + originY - at.top - 0.5));
      const bottom = Math.min(height - 1, Math.floor(box.bottom / scale + originY - at.top - 0.5));
      for (let row = top; row <= bottom; row++)
        for (let column = left; column <= right; column++) {
          const pixel = row * width + column;
          const x = (column + 0.5 + at.left - originX) * scale;
          const y = (row + 0.5 + at.top - originY) * scale;
          opening.look(x, y, depth[pixel]! + BEFORE, image, pixel * 2);
        }
    }
  }

  /** In the crop: the middle of an eye's iris, or another of its points. */
  #iris(control: Control, gaze: Float32Array, eye: number, point = 0): Point {
    const { irisNeutral } = this.#rig;
    const from = (EYES[eye]!.iris + point) * 3;
    const at = Float32Array.of(
      irisNeutral[from]! + gaze[eye * 2]! * this.#widths[eye]!,
      irisNeutral[from + 1]! + gaze[eye * 2 + 1]! * this.#widths[eye]!,
      irisNeutral[from + 2]!,
    );
    projectVertex(this.#rig, control, at, 0, this.#seen);
    const [x0, y0, size] = control.crop as unknown as [number, number, number];
    return { x: ((this.#seen[0]! - x0) * CROP_SIDE) / size, y: ((this.#seen[1]! - y0) * CROP_SIDE) / size };
  }
}
