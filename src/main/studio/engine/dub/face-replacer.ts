import { CROP_SIDE, poseVertices } from '../../../../shared/face/index.ts';
import type { Rig } from '../bundle/index.ts';
import { type CropLayer, PIXELS, projectToCrop, type Proxies, toLayer } from '../draw/index.ts';
import { SeededRandom } from '../numbers/random.ts';
import { FaceMask } from './face-mask.ts';
import { GrainMatch, grainOf } from './grain.ts';
import { type DubFrame, PlanarCompositor } from './planar.ts';
import { ToneMatch } from './tone.ts';
import { upperFace } from './upper-face.ts';

/** Puts driven faces back into source frames, shown in order. Pictures may be smaller or larger than the source. */
export class FaceReplacer {
  readonly #rig: Rig;
  readonly #mask = new FaceMask();
  readonly #tone = new ToneMatch();
  readonly #grain = new GrainMatch();
  readonly #random = new SeededRandom(0);
  readonly #compositor = new PlanarCompositor();
  readonly #layer: CropLayer = new Float32Array(PIXELS * 4);
  readonly #vertices: Float32Array;
  readonly #screen: Float32Array;

  constructor(rig: Rig) {
    this.#rig = rig;
    this.#vertices = new Float32Array(rig.neutral.length);
    this.#screen = new Float32Array(rig.neutral.length + rig.innerLip.length * 3);
  }

  /**
   * Replaces the face in the frame's picture, in place. `driven` and `rgba` are what was drawn with the frame's own
   * pose; `rgba` is used up.
   */
  replace(frame: DubFrame, driven: Proxies, rgba: Uint8Array): void {
    const { picture, zoom, source, opacity, seconds } = frame;
    poseVertices(this.#rig, source.expression, this.#vertices);
    projectToCrop(this.#rig, source, this.#vertices, this.#screen);
    this.#repeatLip();
    this.#mask.draw(driven, this.#screen);
    const { mask } = this.#mask;
    const places = upperFace(this.#rig, driven, frame);
    this.#tone.follow(places, rgba, picture, seconds);
    this.#tone.apply(rgba, mask);
    if (opacity < 1) for (let pixel = 0; pixel < PIXELS; pixel++) mask[pixel] = mask[pixel]! * opacity;
    toLayer(rgba, mask, this.#layer);
    const x0 = source.crop[0]! * zoom;
    const y0 = source.crop[1]! * zoom;
    const scale = CROP_SIDE / (source.crop[2]! * zoom);
    const box = boundsOf(mask);
    const bounds = {
      left: Math.floor(x0 + (box.left - 1) / scale),
      top: Math.floor(y0 + (box.top - 1) / scale),
      width: Math.ceil((box.width + 2) / scale) + 1,
      height: Math.ceil((box.height + 2) / scale) + 1,
    };
    const filmed = grainOf(picture, places);
    this.#compositor.over(picture, this.#layer, x0, y0, scale, bounds);
    // Half shown, a drawn face has some of the film's own grain.
    if (opacity === 1) this.#grain.follow(filmed, grainOf(picture, places), seconds);
    const { missing } = this.#grain;
    if (missing > 0) this.#compositor.grain(picture, missing, this.#random);
  }

  #repeatLip(): void {
    const base = this.#rig.neutral.length;
    this.#rig.innerLip.forEach((vertex, i) => {
      for (let c = 0; c < 3; c++) this.#screen[base + i * 3 + c] = this.#screen[vertex * 3 + c]!;
    });
  }
}

/** Running sums leave this much of nothing. */
const NOTHING = 1e-4;

/** The smallest box of crop pixels that holds everything that weighs anything. */
function boundsOf(mask: Float32Array): { left: number; top: number; width: number; height: number } {
  let [left, top, right, bottom] = [CROP_SIDE, CROP_SIDE, 0, 0];
  for (let y = 0, pixel = 0; y < CROP_SIDE; y++) {
    for (let x = 0; x < CROP_SIDE; x++, pixel++) {
      if (mask[pixel]! < NOTHING) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = y + 1;
    }
  }
  return { left, top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}
