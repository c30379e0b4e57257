import { addressOf, kernelOctets, kernels, kernelSignedOctets } from './kernels/index.ts';

/** Rows around a picture that are looked at beside it. */
const AROUND = 2;

/** Lays one pattern over pictures of one size: stronger where more is going on. */
export class PatternLayer {
  readonly #width: number;
  readonly #pattern: Int8Array;
  #from: Uint8Array = new Uint8Array();
  #to: Uint8Array = new Uint8Array();

  /** `pattern` [height,width] in 32nds of its mean strength. */
  constructor(width: number, pattern: Int8Array) {
    this.#width = width;
    this.#pattern = kernelSignedOctets(pattern.length);
    this.#pattern.set(pattern);
  }

  /** Changes a picture in place: the luma of planes, or each colour of RGBA alike, whose alpha stays. */
  lay(pixels: Uint8Array, format: 'yuv420p' | 'rgba'): void {
    const count = this.#pattern.length;
    const bytes = format === 'rgba' ? 4 : 1;
    const line = this.#width * bytes;
    const content = pixels.subarray(0, count * bytes);
    const before = line * AROUND;
    if (this.#to.length !== content.length) {
      this.#from = kernelOctets(content.length + 2 * before);
      this.#to = kernelOctets(content.length);
    }
    const from = this.#from;
    from.set(content, before);
    for (let row = 0; row < AROUND; row++) {
      from.copyWithin(row * line, before, before + line);
      from.copyWithin(before + content.length + row * line, before + content.length - line, before + content.length);
    }
    const [at, pattern, to] = [addressOf(from) + before, addressOf(this.#pattern), addressOf(this.#to)];
    if (format === 'rgba') kernels.watermarkColours(at, count, line, pattern, to);
    else kernels.watermarkLuma(at, count, line, pattern, to);
    content.set(this.#to);
  }
}
