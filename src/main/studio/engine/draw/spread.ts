import { PullPush } from './pull-push.ts';

/**
 * Colours of straight RGBA [height,width,4] go on beyond where alpha is 0, ever smoother: half of a film's colour
 * samples, and blocks of a codec, lie across the edge and would bring in whatever stood there. Alpha is left as it is.
 */
export class Spread {
  readonly #width: number;
  readonly #height: number;
  readonly #columns: number;
  readonly #colours: PullPush; // half as fine

  constructor(width: number, height: number) {
    [this.#width, this.#height] = [width, height];
    this.#columns = Math.ceil(width / 2);
    this.#colours = new PullPush(this.#columns, Math.ceil(height / 2), 3);
  }

  spread(pixels: Uint8Array): void {
    const { values, weights } = this.#gathered(pixels);
    for (let i = 0; i < weights.length; i++) {
      const sum = weights[i]!;
      if (sum === 0) continue;
      for (let c = i * 3; c < i * 3 + 3; c++) values[c] = values[c]! / sum;
      weights[i] = Math.min(sum, 1);
    }
    this.#colours.fill();
    this.#each((at, cell) => {
      if (pixels[at + 3] !== 0) return;
      for (let c = 0; c < 3; c++) pixels[at + c] = values[cell * 3 + c]! + 0.5;
    });
  }

  /** Sums of four pixels each: colours times alpha, and alpha. */
  #gathered(pixels: Uint8Array): PullPush {
    const { values, weights } = this.#colours;
    values.fill(0);
    weights.fill(0);
    this.#each((at, cell) => {
      const alpha = pixels[at + 3]! / 255;
      if (alpha === 0) return;
      for (let c = 0; c < 3; c++) values[cell * 3 + c] = values[cell * 3 + c]! + pixels[at + c]! * alpha;
      weights[cell] = weights[cell]! + alpha;
    });
    return this.#colours;
  }

  #each(visit: (at: number, cell: number) => void): void {
    for (let y = 0, at = 0; y < this.#height; y++) {
      const row = (y >> 1) * this.#columns;
      for (let x = 0; x < this.#width; x++, at += 4) visit(at, row + (x >> 1));
    }
  }
}
