import { addressOf, kernelInts, kernelShorts, kernels, kernelSignedOctets } from '../../kernels/index.ts';
import type { Basis } from './appearance.ts';

const BLOCK = 4; // texels that are mixed at once
const MOST_WEIGHT = 32767;

/**
 * A region's textures in the order in which they are mixed: without what is empty, by blocks of texels, in pairs
 * (kernels/mix.ts). Any thread that has the kernels' memory may read them.
 */
export interface PackedTextures {
  readonly pairs: number;
  readonly textures: Int8Array; // [blocks,pairs,4 texels,4 channels,2]
  readonly runs: Int32Array; // [runs,2] bytes from the chart's begin, blocks
}

/** For a chart of `side` texels a row. */
export function packTextures(basis: Basis, side: number): PackedTextures {
  const { mixtureCount, left, top, width, height, spans, textures } = basis;
  const pairs = Math.ceil(mixtureCount / 2);
  const runs: number[] = [];
  let blocks = 0;
  for (let row = 0; row < height; row++) {
    const [begin, past] = [spans[row * 2]!, spans[row * 2 + 1]!];
    if (past === begin) continue;
    const count = Math.ceil((past - begin) / BLOCK);
    runs.push(((top + row) * side + left + begin) * 16, count);
    blocks += count;
  }
  const packed = kernelSignedOctets(blocks * pairs * BLOCK * 8);
  // Texels are read, and pairs of values written, as one number each.
  const texels = new Int32Array(textures.buffer, textures.byteOffset, textures.length / 4);
  const values = new Int32Array(packed.buffer, packed.byteOffset, packed.length / 4);
  const [picture, block] = [width * height, BLOCK * 2];
  for (let row = 0, to = 0; row < height; row++) {
    const [begin, past] = [spans[row * 2]!, spans[row * 2 + 1]!];
    for (let column = begin; column < past; column += BLOCK) {
      const count = Math.min(BLOCK, past - column);
      for (let pair = 0; pair < pairs; pair++, to += block) {
        const from = pair * 2 * picture + row * width + column;
        const single = pair * 2 + 1 === mixtureCount;
        for (let texel = 0; texel < count; texel++) {
          const first = texels[from + texel]!;
          const second = single ? 0 : texels[from + picture + texel]!;
          values[to + texel * 2] = apart(first) | (apart(second) << 8);
          values[to + texel * 2 + 1] = apart(first >>> 16) | (apart(second >>> 16) << 8);
        }
      }
    }
  }
  return { pairs, textures: packed, runs: kernelInts(runs) };
}

/** The lowest two bytes with one between them. */
function apart(bytes: number): number {
  return (bytes & 0xff) | ((bytes & 0xff00) << 8);
}

/**
 * Adds textures to charts. Weights are rounded to 16 bits of the largest: 32 textures are off by .1 grey level at the
 * very most.
 */
export class TextureMixture {
  readonly #packed: PackedTextures;
  readonly #weights: Int16Array; // [pairs,2]

  constructor(packed: PackedTextures) {
    this.#packed = packed;
    this.#weights = kernelShorts(packed.pairs * 2);
  }

  /** Adds them, as much of each as `weights` say, to a chart of the kernels'. */
  addTo(chart: Float32Array, weights: Float64Array): void {
    const rounded = this.#weights;
    const { pairs, textures, runs } = this.#packed;
    let most = 0;
    for (let texture = 0; texture < weights.length; texture++) most = Math.max(most, Math.abs(weights[texture]!));
    if (!(most > 0)) return;
    const count = Math.min(rounded.length, weights.length);
    for (let texture = 0; texture < count; texture++)
      rounded[texture] = Math.round((weights[texture]! / most) * MOST_WEIGHT);
    kernels.mix(
      addressOf(chart),
      addressOf(textures),
      addressOf(rounded),
      pairs,
      addressOf(runs),
      runs.length / 2,
      most / MOST_WEIGHT,
    );
  }
}
