import { addressOf, kernelFloats, kernels } from '../kernels/index.ts';

interface Plane {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array; // [height,width,C]
  readonly weights: Float32Array; // [height,width] 0..1
}

/**
 * Fills a picture in where nothing is known of it, smoothly and from what is near (pull-push: Gortler et al. 1996, The
 * Lumigraph, section 3.4). Buffers are kept.
 */
export class PullPush {
  readonly #channels: number;
  readonly #planes: Plane[] = [];

  constructor(width: number, height: number, channels: number) {
    this.#channels = channels;
    for (let w = width, h = height; ; w = Math.ceil(w / 2), h = Math.ceil(h / 2)) {
      const [values, weights] = [kernelFloats(w * h * channels), kernelFloats(w * h)];
      this.#planes.push({ width: w, height: h, values, weights });
      if (w * h === 1) return;
    }
  }

  /** [height,width,C]: what is known, and after `fill` everything; 0 where nothing at all was known. */
  get values(): Float32Array {
    return this.#planes[0]!.values;
  }

  /** [height,width]: how well each place is known, 0..1. */
  get weights(): Float32Array {
    return this.#planes[0]!.weights;
  }

  fill(): void {
    const planes = this.#planes;
    const channels = this.#channels;
    const { values, weights } = planes[0]!;
    for (let i = 0; i < weights.length; i++)
      for (let c = 0; c < channels; c++) values[i * channels + c]! *= weights[i]!;
    // Four places become one, which is as well known as they are together, and no better than wholly.
    for (let level = 1; level < planes.length; level++) {
      const [fine, coarse] = [planes[level - 1]!, planes[level]!];
      const known = [addressOf(fine.values), addressOf(fine.weights), fine.width, fine.height] as const;
      kernels.pull(...known, channels, addressOf(coarse.values), addressOf(coarse.weights));
    }
    const last = planes.at(-1)!;
    if (last.weights[0]! > 0) for (let c = 0; c < channels; c++) last.values[c]! /= last.weights[0]!;
    for (let level = planes.length - 1; level > 0; level--) {
      const [coarse, fine] = [planes[level]!, planes[level - 1]!];
      const wanted = [addressOf(fine.values), addressOf(fine.weights), fine.width, fine.height] as const;
      kernels.push(addressOf(coarse.values), ...wanted, channels);
    }
  }
}
