/** A complex picture of `side` x `side`, as real and imaginary parts. */
export interface Spectrum {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/** The discrete Fourier transform of square pictures whose side is a power of two (Cooley and Tukey). */
export class Fourier {
  readonly side: number;
  readonly #cosine: Float64Array;
  readonly #sine: Float64Array;
  readonly #reversed: Uint16Array;

  constructor(side: number) {
    this.side = side;
    const turn = (index: number): number => (2 * Math.PI * index) / side;
    this.#cosine = Float64Array.from({ length: side / 2 }, (_, index) => Math.cos(turn(index)));
    this.#sine = Float64Array.from({ length: side / 2 }, (_, index) => Math.sin(turn(index)));
    const bits = Math.log2(side);
    this.#reversed = Uint16Array.from({ length: side }, (_, index) => {
      let reversed = 0;
      for (let bit = 0; bit < bits; bit++) reversed |= ((index >> bit) & 1) << (bits - 1 - bit);
      return reversed;
    });
  }

  /** In place; `back` is the inverse without its division by the number of pixels. */
  transform({ real, imaginary }: Spectrum, back = false): void {
    const { side } = this;
    for (let row = 0; row < side; row++) this.#line(real, imaginary, row * side, 1, back);
    for (let column = 0; column < side; column++) this.#line(real, imaginary, column, side, back);
  }

  #line(real: Float64Array, imaginary: Float64Array, first: number, step: number, back: boolean): void {
    const { side } = this;
    for (let index = 0; index < side; index++) {
      const other = this.#reversed[index]!;
      if (other <= index) continue;
      const [a, b] = [first + index * step, first + other * step];
      [real[a], real[b]] = [real[b]!, real[a]!];
      [imaginary[a], imaginary[b]] = [imaginary[b]!, imaginary[a]!];
    }
    for (let half = 1; half < side; half *= 2) {
      const stride = side / (2 * half);
      for (let begin = 0; begin < side; begin += 2 * half)
        for (let k = 0; k < half; k++) {
          const cosine = this.#cosine[k * stride]!;
          const sine = back ? this.#sine[k * stride]! : -this.#sine[k * stride]!;
          const [a, b] = [first + (begin + k) * step, first + (begin + k + half) * step];
          const re = real[b]! * cosine - imaginary[b]! * sine;
          const im = real[b]! * sine + imaginary[b]! * cosine;
          real[b] = real[a]! - re;
          imaginary[b] = imaginary[a]! - im;
          real[a] = real[a]! + re;
          imaginary[a] = imaginary[a]! + im;
        }
    }
  }
}
