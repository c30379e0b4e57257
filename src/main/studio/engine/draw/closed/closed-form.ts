import { CROP_SIDE } from '../../../../../shared/face/index.ts';
import type { Control, Rig } from '../../bundle/index.ts';
import { addressOf, bringBack, kernelFloats, kernelOctets, kernels } from '../../kernels/index.ts';
import { type CropLayer, covered, type Picture, type Placement, type Rectangle } from '../crop-layer.ts';
import type { RendererGraph } from '../graph.ts';
import { PIXELS, type Proxies } from '../proxies.ts';
import { ChartAddresses, MOST_AT_ONCE } from './addresses.ts';
import { type Level, ChartLevels } from './levels.ts';
import type { PreparedAppearance } from './prepared.ts';
import { Relighting } from './relighting.ts';

const CROP: Placement = { originX: 0, originY: 0, scale: 1 };
const WHOLE: Rectangle = { left: 0, top: 0, width: CROP_SIDE, height: CROP_SIDE };

/**
 * Draws a person by their own frames, without a network: a chart mixed of few textures, and looked up where the mesh
 * says, at whatever pixels are asked for. The twin of the trainer's `appearance/likeness_file.py`. Needs of the proxies
 * no more than the mesh.
 */
export class ClosedForm implements RendererGraph {
  readonly name = 'closed';
  readonly rgba = kernelOctets(PIXELS * 4);
  /** [256,256,4] 0..1, colour multiplied by alpha. */
  readonly multiplied = kernelFloats(PIXELS * 4);
  readonly #levels: ChartLevels;
  readonly #addresses: ChartAddresses;
  readonly #relighting: () => Relighting;
  #line: CropLayer = kernelFloats(0); // a row of a picture

  constructor(rig: Rig, appearance: PreparedAppearance) {
    this.#levels = new ChartLevels(appearance);
    this.#addresses = new ChartAddresses(rig, appearance);
    let relighting: Relighting | undefined; // few takes have a light
    this.#relighting = () => (relighting ??= new Relighting(rig, appearance));
  }

  draw(proxies: Proxies, control: Control): Promise<void> {
    const { multiplied, rgba } = this;
    const level = this.#pose(proxies, control, CROP);
    const out = addressOf(multiplied);
    this.#rows(level, CROP, WHOLE, 1, (row) => out + row * CROP_SIDE * 16);
    kernels.straighten(out, PIXELS, addressOf(rgba));
    return Promise.resolve();
  }

  /** Draws the head over a picture, at the picture's own pixels. */
  over(target: Picture, proxies: Proxies, control: Control, placement: Placement): void {
    const level = this.#pose(proxies, control, placement);
    const rectangle = covered(placement, target);
    const { left, top, width } = rectangle;
    if (this.#line.length < width * 4) this.#line = kernelFloats(width * 4);
    const line = addressOf(this.#line); // stays in the processor's nearest memory
    const pixels = addressOf(target.pixels) + (top * target.width + left) * 4;
    this.#rows(
      level,
      placement,
      rectangle,
      1 / 255,
      () => line,
      (row) => kernels.lay(line, width, 1, pixels + row * target.width * 4, 0),
    );
    bringBack(target.pixels);
  }

  /** The head at a picture's own pixels, of the part `rectangle` [height,width,4], into `out` of the kernels'. */
  layer(proxies: Proxies, control: Control, placement: Placement, rectangle: Rectangle, out: CropLayer): void {
    const level = this.#pose(proxies, control, placement);
    const begin = addressOf(out);
    this.#rows(level, placement, rectangle, 1 / 255, (row) => begin + row * rectangle.width * 16);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #pose(proxies: Proxies, control: Control, { scale }: Placement): Level {
    this.#addresses.pose(proxies.screen, control);
    const level = this.#levels.mix(control, CROP_SIDE / scale);
    const { light } = control;
    if (light && (light.intensity > 0 || light.warmth !== 0))
      this.#relighting().light(level.picture, level.side, level.spans, light, control);
    return level;
  }

  /** Samples part of a picture row by row, each to the address that `into` says; `done` is told of each. */
  #rows(
    { sampler }: Level,
    placement: Placement,
    { left, top, width, height }: Rectangle,
    share: number,
    into: (row: number) => number,
    done?: (row: number) => void,
  ): void {
    const { displacement } = this.#addresses;
    for (const part of bands(left, top, width, height)) {
      const first = part.top - top;
      const positions = addressOf(this.#addresses.of(placement, part));
      for (let row = 0; row < part.height; row++) {
        sampler.sampleRow(positions + row * width * 8, width, displacement, into(first + row), share);
        done?.(first + row);
      }
    }
  }
}

function* bands(left: number, top: number, width: number, height: number): Generator<Rectangle> {
  const rows = Math.max(1, Math.floor(MOST_AT_ONCE / Math.max(1, width)));
  for (let first = 0; first < height; first += rows)
    yield { left, top: top + first, width, height: Math.min(rows, height - first) };
}
