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
      const [values, weights] = [new Float32Array(w * h * channels), new Float32Array(w * h)];
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
    const { values, weights } = planes[0]!;
    for (let i = 0; i < weights.length; i++)
      for (let c = 0; c < this.#channels; c++) values[i * this.#channels + c]! *= weights[i]!;
    for (let level = 1; level < planes.length; level++) this.#pull(planes[level - 1]!, planes[level]!);
    const last = planes.at(-1)!;
    if (last.weights[0]! > 0) for (let c = 0; c < this.#channels; c++) last.values[c]! /= last.weights[0]!;
    for (let level = planes.length - 1; level > 0; level--) this.#push(planes[level]!, planes[level - 1]!);
  }

  /** Four places become one, which is as well known as they are together, and no better than wholly. */
  #pull(fine: Plane, coarse: Plane): void {
    const channels = this.#channels;
    coarse.values.fill(0);
    coarse.weights.fill(0);
    for (let row = 0; row < fine.height; row++) {
      for (let column = 0; column < fine.width; column++) {
        const from = row * fine.width + column;
        if (fine.weights[from] === 0) continue;
        const to = (row >> 1) * coarse.width + (column >> 1);
        coarse.weights[to]! += fine.weights[from]!;
        for (let c = 0; c < channels; c++) coarse.values[to * channels + c]! += fine.values[from * channels + c]!;
      }
    }
    for (let i = 0; i < coarse.weights.length; i++) {
      const sum = coarse.weights[i]!;
      if (sum <= 1) continue;
      coarse.weights[i] = 1;
      for (let c = 0; c < channels; c++) coarse.values[i * channels + c]! /= sum;
    }
  }

  #push(coarse: Plane, fine: Plane): void {
    const channels = this.#channels;
    for (let row = 0; row < fine.height; row++) {
      // The next coarse row or column is the one that a place is nearer to: weights are 3/4 and 1/4.
      const near = (row >> 1) * coarse.width;
      const other = clamp((row >> 1) + (row % 2 === 0 ? -1 : 1), coarse.height) * coarse.width;
      for (let column = 0; column < fine.width; column++) {
        const at = row * fine.width + column;
        const unknown = 1 - fine.weights[at]!;
        if (unknown === 0) continue;
        const x = column >> 1;
        const next = clamp(x + (column % 2 === 0 ? -1 : 1), coarse.width);
        for (let c = 0; c < channels; c++) {
          const value =
            9 * coarse.values[(near + x) * channels + c]! +
            3 * (coarse.values[(near + next) * channels + c]! + coarse.values[(other + x) * channels + c]!) +
            coarse.values[(other + next) * channels + c]!;
          fine.values[at * channels + c]! += (unknown * value) / 16;
        }
      }
    }
  }
}

function clamp(place: number, count: number): number {
  return Math.min(Math.max(place, 0), count - 1);
}
