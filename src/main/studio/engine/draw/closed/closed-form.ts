import { CROP_SIDE } from '../../../../../shared/face/index.ts';
import type { Control, Rig } from '../../bundle/index.ts';
import type { RendererGraph } from '../graph.ts';
import { PIXELS, type Proxies } from '../proxies.ts';
import { ChartAddresses } from './addresses.ts';
import type { Appearance } from './appearance.ts';
import { CubicSampler } from './cubic.ts';
import { ChartMixer } from './mixing.ts';

const LEAST_ALPHA = 1 / 510; // less has no colour

/**
 * Draws a person by their own frames, without a network: a chart mixed of few textures, and looked up where the mesh
 * says. The twin of the trainer's `appearance/likeness_file.py`. Needs of the proxies no more than the mesh.
 */
export class ClosedForm implements RendererGraph {
  readonly name = 'closed';
  readonly rgba = new Uint8Array(PIXELS * 4);
  /** [256,256,4] 0..1, colour multiplied by alpha. */
  readonly multiplied = new Float32Array(PIXELS * 4);
  readonly #scale: number;
  readonly #mixer: ChartMixer;
  readonly #addresses: ChartAddresses;
  readonly #sampler: CubicSampler;

  constructor(rig: Rig, appearance: Appearance) {
    this.#scale = appearance.side / CROP_SIDE;
    this.#mixer = new ChartMixer(appearance);
    this.#addresses = new ChartAddresses(rig, appearance);
    this.#sampler = new CubicSampler(this.#mixer.chart, appearance.side, this.#mixer.spans);
  }

  draw(proxies: Proxies, control: Control): Promise<void> {
    const { multiplied, rgba } = this;
    this.#mixer.mix(control);
    this.#addresses.place(proxies.screen, control);
    const { positions } = this.#addresses;
    for (let pixel = 0, at = 0; pixel < PIXELS; pixel++, at += 4) {
      this.#sampler.sample(
        positions[pixel * 2]! * this.#scale,
        positions[pixel * 2 + 1]! * this.#scale,
        multiplied,
        at,
      );
      for (let c = at; c < at + 4; c++) multiplied[c] = Math.min(Math.max(multiplied[c]! / 255, 0), 1);
      const alpha = multiplied[at + 3]!;
      const level = alpha < LEAST_ALPHA ? 0 : 255 / alpha;
      for (let c = at; c < at + 3; c++) rgba[c] = Math.min(multiplied[c]! * level, 255) + 0.5;
      rgba[at + 3] = alpha * 255 + 0.5;
    }
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
