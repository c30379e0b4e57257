import { CROP_SIDE, poseVertices } from '../../../../shared/face/index.ts';
import type { Rig } from '../bundle/index.ts';
import {
  covered,
  type CropLayer,
  type DrawnHead,
  type Placement,
  projectToCrop,
  type Proxies,
  type Rectangle,
} from '../draw/index.ts';
import { kernelFloats } from '../kernels/index.ts';
import { SeededRandom } from '../numbers/random.ts';
import { FaceMask } from './face-mask.ts';
import type { Film } from './film.ts';
import { GrainMatch, grainOf } from './grain.ts';
import { type DubFrame, PlanarCompositor, type PlanarPicture } from './planar.ts';
import { ToneMatch, toneDifference } from './tone.ts';
import { upperFace } from './upper-face.ts';

/**
 * Puts driven faces back into a film's frames, each on any thread that has the film. Pictures may be smaller or larger
 * than the source.
 */
export class FaceReplacer {
  readonly #rig: Rig;
  readonly #film: Film;
  readonly #mask = new FaceMask();
  readonly #tone = new ToneMatch();
  readonly #grain = new GrainMatch();
  readonly #compositor = new PlanarCompositor();
  readonly #vertices: Float32Array;
  readonly #screen: Float32Array;
  #layer: CropLayer = kernelFloats(0);

  constructor(rig: Rig, film: Film) {
    this.#rig = rig;
    this.#film = film;
    this.#vertices = new Float32Array(rig.neutral.length);
    this.#screen = new Float32Array(rig.neutral.length + rig.innerLip.length * 3);
  }

  /**
   * Replaces the face in the frame's picture, in place. `driven` and `head` are drawn with the frame's own pose; the
   * frame is the film's `number`th to be dubbed.
   */
  replace(
    { picture, zoom, source, opacity, seconds }: DubFrame,
    number: number,
    driven: Proxies,
    head: DrawnHead,
  ): void {
    poseVertices(this.#rig, source.expression, this.#vertices);
    projectToCrop(this.#rig, source, this.#vertices, this.#screen);
    this.#repeatLip();
    this.#mask.draw(driven, this.#screen);
    const [x0, y0, size] = source.crop.map((value) => value * zoom) as unknown as [number, number, number];
    const placement = { originX: x0, originY: y0, scale: CROP_SIDE / size };
    const rectangle = evenPart(this.#mask.box, placement, picture);
    const { width, height } = rectangle;
    if (width === 0 || height === 0) return;
    if (this.#layer.length < width * height * 4) this.#layer = kernelFloats(width * height * 4);
    const layer = this.#layer.subarray(0, width * height * 4);
    head.layer(placement, rectangle, layer);
    const places = upperFace(this.#rig, driven, picture, placement);
    const difference = toneDifference(places, layer, rectangle, picture);
    this.#film.inTurn('tone', number, () => this.#tone.follow(this.#film.tone, difference, seconds));
    this.#tone.apply(layer);
    this.#mask.weigh(layer, placement, rectangle, opacity);
    const filmed = grainOf(picture, places);
    this.#compositor.over(picture, layer, rectangle);
    const drawn = grainOf(picture, places);
    // Half shown, a drawn face has some of the film's own grain.
    const measured = opacity === 1 && filmed !== null && drawn !== null ? ([filmed, drawn] as const) : null;
    let before = 0;
    this.#film.inTurn('grain', number, () => {
      before = this.#grain.follow(this.#film.grain, measured, seconds, height);
    });
    const { missing } = this.#grain;
    if (missing > 0) this.#compositor.grain(picture, layer, rectangle, missing, new SeededRandom(0, before));
  }

  #repeatLip(): void {
    const base = this.#rig.neutral.length;
    this.#rig.innerLip.forEach((vertex, i) => {
      for (let c = 0; c < 3; c++) this.#screen[base + i * 3 + c] = this.#screen[vertex * 3 + c]!;
    });
  }
}

/** What of a picture a part of the crop lies on, from an even row and column to an even one: chroma is half as fine. */
function evenPart(box: Rectangle, { originX, originY, scale }: Placement, picture: PlanarPicture): Rectangle {
  const all = covered({ originX, originY, scale }, picture);
  const even = (at: number) => 2 * Math.floor(at / 2);
  const left = Math.max(even(all.left), even(originX + (box.left - 1) / scale));
  const top = Math.max(even(all.top), even(originY + (box.top - 1) / scale));
  const right = Math.min(all.left + all.width, Math.ceil(originX + (box.left + box.width + 1) / scale));
  const bottom = Math.min(all.top + all.height, Math.ceil(originY + (box.top + box.height + 1) / scale));
  return {
    left,
    top,
    width: Math.max(0, even(right + 1) - left),
    height: Math.max(0, even(bottom + 1) - top),
  };
}
