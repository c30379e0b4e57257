/** A complex picture of `side` x `side`, as real and imaginary parts. */
export interface Spectrum {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/** Transposed in squares of so many: what is read and written meanwhile stays in the processor's cache. */
const BLOCK = 16;

/** The discrete Fourier transform of square pictures whose side is a power of two (Cooley and Tukey). */
export class Fourier {
  readonly side: number;
  readonly #cosine: Float64Array;
  readonly #sine: Float64Array;
  readonly #reversed: Uint16Array;
  readonly #line: Spectrum;

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
    this.#line = { real: new Float64Array(side), imaginary: new Float64Array(side) };
  }

  /** In place; `back` is the inverse without its division by the number of pixels. */
  transform(picture: Spectrum, back = false): void {
    for (let pass = 0; pass < 2; pass++) {
      for (let row = 0; row < this.side; row++) this.#row(picture, row * this.side, back);
      this.#transpose(picture.real);
      this.#transpose(picture.imaginary);
    }
  }

  #row({ real, imaginary }: Spectrum, first: number, back: boolean): void {
    const { side } = this;
    const [re, im, reversed] = [this.#line.real, this.#line.imaginary, this.#reversed];
    let something = false;
    for (let index = 0; index < side; index++) {
      const from = first + reversed[index]!;
      const [a, b] = [real[from]!, imaginary[from]!];
      re[index] = a;
      im[index] = b;
      something ||= a !== 0 || b !== 0;
    }
    if (!something) return; // rows beyond the picture
    this.#butterflies(re, im, back ? 1 : -1);
    real.set(re, first);
    imaginary.set(im, first);
  }

  #butterflies(real: Float64Array, imaginary: Float64Array, sign: 1 | -1): void {
    const { side } = this;
    const [cosines, sines] = [this.#cosine, this.#sine];
    for (let half = 1; half < side; half *= 2) {
      const stride = side / (2 * half);
      for (let k = 0; k < half; k++) {
        const cosine = cosines[k * stride]!;
        const sine = sign * sines[k * stride]!;
        for (let a = k; a < side; a += 2 * half) {
          const b = a + half;
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

  #transpose(values: Float64Array): void {
    const { side } = this;
    const block = Math.min(BLOCK, side);
    for (let top = 0; top < side; top += block)
      for (let left = top; left < side; left += block)
        for (let row = top; row < top + block; row++)
          for (let column = left === top ? row + 1 : left; column < left + block; column++) {
            const [a, b] = [row * side + column, column * side + row];
            const value = values[a]!;
            values[a] = values[b]!;
            values[b] = value;
          }
  }
}
