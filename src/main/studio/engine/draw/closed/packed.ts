import { addressOf, kernelInts, kernelShorts, kernels, kernelSignedOctets } from '../../kernels/index.ts';
import type { Basis } from './appearance.ts';

const BLOCK = 4; // texels that are mixed at once
const MOST_WEIGHT = 32767;

/**
 * A region's textures in the order in which they are mixed: without what is empty, by blocks of texels, in pairs
 * (kernels/mix.ts). Weights are rounded to 16 bits of the largest: 32 textures are off by .1 grey level at the very
 * most.
 */
export class PackedTextures {
  readonly #pairs: number;
  readonly #textures: Int8Array; // [blocks,pairs,4 texels,4 channels,2]
  readonly #runs: Int32Array; // [runs,2] bytes from the chart's begin, blocks
  readonly #weights: Int16Array; // [pairs,2]

  /** For a chart of `side` texels a row. */
  constructor(basis: Basis, side: number) {
    const { mixtureCount, left, top, width, height, spans, textures } = basis;
    this.#pairs = Math.ceil(mixtureCount / 2);
    this.#weights = kernelShorts(this.#pairs * 2);
    const runs: number[] = [];
    let blocks = 0;
    for (let row = 0; row < height; row++) {
      const [begin, past] = [spans[row * 2]!, spans[row * 2 + 1]!];
      if (past === begin) continue;
      const count = Math.ceil((past - begin) / BLOCK);
      runs.push(((top + row) * side + left + begin) * 16, count);
      blocks += count;
    }
    this.#runs = kernelInts(runs);
    this.#textures = kernelSignedOctets(blocks * this.#pairs * BLOCK * 8);
    for (let row = 0, to = 0; row < height; row++) {
      const [begin, past] = [spans[row * 2]!, spans[row * 2 + 1]!];
      for (let column = begin; column < past; column += BLOCK, to += this.#pairs * BLOCK * 8) {
        const values = Math.min(BLOCK, past - column) * 4;
        for (let texture = 0; texture < mixtureCount; texture++) {
          const from = ((texture * height + row) * width + column) * 4;
          const first = to + (texture >> 1) * BLOCK * 8 + (texture & 1);
          for (let value = 0; value < values; value++) this.#textures[first + value * 2] = textures[from + value]!;
        }
      }
    }
  }

  /** Adds them, as much of each as `weights` say, to a chart of the kernels'. */
  addTo(chart: Float32Array, weights: Float64Array): void {
    const rounded = this.#weights;
    let most = 0;
    for (let texture = 0; texture < weights.length; texture++) most = Math.max(most, Math.abs(weights[texture]!));
    if (!(most > 0)) return;
    const count = Math.min(rounded.length, weights.length);
    for (let texture = 0; texture < count; texture++)
      rounded[texture] = Math.round((weights[texture]! / most) * MOST_WEIGHT);
    kernels.mix(
      addressOf(chart),
      addressOf(this.#textures),
      addressOf(rounded),
      this.#pairs,
      addressOf(this.#runs),
      this.#runs.length / 2,
      most / MOST_WEIGHT,
    );
  }
}
