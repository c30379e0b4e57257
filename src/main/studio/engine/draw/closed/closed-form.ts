import { CROP_SIDE } from '../../../../../shared/face/index.ts';
import type { Control, Rig } from '../../bundle/index.ts';
import { addressOf, bringBack, kernelFloats, kernelOctets, kernels } from '../../kernels/index.ts';
import { type CropLayer, covered, type Picture, type Placement, type Rectangle } from '../crop-layer.ts';
import type { RendererGraph } from '../graph.ts';
import { PIXELS, type Proxies } from '../proxies.ts';
import { ChartAddresses, MOST_AT_ONCE } from './addresses.ts';
import type { Appearance } from './appearance.ts';
import { type Level, ChartLevels } from './levels.ts';

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
  readonly #band: CropLayer = kernelFloats(MOST_AT_ONCE * 4);

  constructor(rig: Rig, appearance: Appearance) {
    this.#levels = new ChartLevels(appearance);
    this.#addresses = new ChartAddresses(rig, appearance);
  }

  draw(proxies: Proxies, control: Control): Promise<void> {
    const { multiplied, rgba } = this;
    const level = this.#pose(proxies, control, CROP);
    level.sampler.sample(this.#addresses.of(CROP, WHOLE), level.side / CROP_SIDE, multiplied);
    kernels.straighten(addressOf(multiplied), PIXELS, addressOf(rgba));
    return Promise.resolve();
  }

  /** Draws the head over a picture, at the picture's own pixels. */
  over(target: Picture, proxies: Proxies, control: Control, placement: Placement): void {
    const level = this.#pose(proxies, control, placement);
    const { left, top, width, height } = covered(placement, target);
    const pixels = addressOf(target.pixels);
    for (const part of bands(left, top, width, height)) {
      const layer = addressOf(this.#part(level, placement, part));
      kernels.lay(layer, width, part.height, pixels + (part.top * target.width + left) * 4, target.width * 4);
    }
    bringBack(target.pixels);
  }

  /** The head at a picture's own pixels, of the part `rectangle` [height,width,4], into `out`. */
  layer(proxies: Proxies, control: Control, placement: Placement, rectangle: Rectangle, out: CropLayer): void {
    const level = this.#pose(proxies, control, placement);
    const { left, top, width, height } = rectangle;
    for (const part of bands(left, top, width, height))
      out.set(this.#part(level, placement, part), (part.top - top) * width * 4);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #pose(proxies: Proxies, control: Control, { scale }: Placement): Level {
    this.#addresses.pose(proxies.screen, control);
    return this.#levels.mix(control, CROP_SIDE / scale);
  }

  /** [height,width,4], valid until the next call. */
  #part({ side, sampler }: Level, placement: Placement, part: Rectangle): CropLayer {
    const layer = this.#band.subarray(0, part.width * part.height * 4);
    sampler.sample(this.#addresses.of(placement, part), side / CROP_SIDE, layer, 1 / 255);
    return layer;
  }
}

function* bands(left: number, top: number, width: number, height: number): Generator<Rectangle> {
  const rows = Math.max(1, Math.floor(MOST_AT_ONCE / Math.max(1, width)));
  for (let first = 0; first < height; first += rows)
    yield { left, top: top + first, width, height: Math.min(rows, height - first) };
}
