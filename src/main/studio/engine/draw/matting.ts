import { GEOMETRY } from '../../../../shared/format/index.ts';
import { addressOf, bringBack, kernelFloats, kernelInts, kernels } from '../kernels/index.ts';
import { PullPush } from './pull-push.ts';
import { smoothStep } from '../numbers/smooth-step.ts';

/** As far as a drawn alpha reaches beyond the outline, and how softly it ends (a deviation); 256ths of the crop. */
const BEYOND = GEOMETRY.alphaBeyond;
const SOFT = GEOMETRY.alphaSoft;
const CELLS = 192; // what lies around a pixel is smooth: it is looked for on no more rows than this
/** How steep an edge is that ends with a normal distribution, where it is half of the way. */
const STEEPNESS = Math.sqrt(2 * Math.PI);
const OPAQUE = 0.8;
const VISIBLE = 0.1;

interface Ramp {
  readonly from: number;
  readonly to: number;
}
/** Distances inwards from where the alpha begins, 256ths; what is weighed at every pixel is in kernels/matting.ts. */
const OWN_COLOUR: Ramp = { from: BEYOND + 4, to: BEYOND + 6 };
const NOT_BEHIND: Ramp = { from: 2, to: 4 };

/**
 * Takes a person off their background whose alpha reaches beyond them, and shows there what was filmed: in that border
 * a pixel is a mixture of a colour from further inside the person and one of the background, which are both known
 * nearby, and its share of the first is its alpha. Where the two are alike it is the outline that was masked.
 */
export class Matting {
  readonly #width: number;
  readonly #height: number;
  readonly #across: Axis;
  readonly #down: Axis;
  readonly #cell: number; // pixels
  readonly #sums: Float32Array; // [cells,8] colour times alpha, alpha, background, pixels
  readonly #inside: Float32Array; // [cells] from where the alpha begins, 256ths
  readonly #surely: Float32Array; // the same, as if nobody was above the picture either
  readonly #person: PullPush;
  readonly #behind: PullPush; // and how far from the plate it is
  readonly #room = kernelFloats(6);

  constructor(width: number, height: number) {
    [this.#width, this.#height] = [width, height];
    this.#cell = Math.max(1, height / CELLS);
    this.#across = new Axis(width, this.#cell);
    this.#down = new Axis(height, this.#cell);
    const [columns, rows] = [this.#across.cells, this.#down.cells];
    this.#sums = kernelFloats(columns * rows * 8);
    this.#inside = kernelFloats(columns * rows);
    this.#surely = kernelFloats(columns * rows);
    this.#person = new PullPush(columns, rows, 3);
    this.#behind = new PullPush(columns, rows, 4);
  }

  /**
   * Straight RGBA of the person alone into `bare`, of a picture [height,width,4] whose colours are multiplied by their
   * alpha and of its opaque background; a 256th of the crop is `unit` pixels.
   */
  separate(multiplied: Uint8Array, background: Uint8Array, unit: number, bare: Uint8Array): void {
    this.#gather(multiplied, background);
    this.#measure(unit / this.#cell);
    this.#learn();
    const [width, height, columns] = [this.#width, this.#height, this.#across.cells];
    const near = (2 * this.#cell) / unit; // as far as a pixel is from the first of its four cells, and more
    kernels.takeOff(
      addressOf(multiplied),
      addressOf(background),
      addressOf(bare),
      width,
      height,
      addressOf(this.#across.beside),
      addressOf(this.#down.beside),
      columns,
      addressOf(this.#inside),
      addressOf(this.#surely),
      addressOf(this.#person.values),
      addressOf(this.#behind.values),
      near,
      BEYOND,
      addressOf(this.#room),
    );
    bringBack(bare);
  }

  #gather(multiplied: Uint8Array, background: Uint8Array): void {
    const [across, down] = [this.#across, this.#down];
    const pictures = [addressOf(multiplied), addressOf(background), this.#width, this.#height] as const;
    const cells = [addressOf(across.own), addressOf(down.own), across.cells] as const;
    kernels.gather(...pictures, ...cells, addressOf(this.#sums.fill(0)));
  }

  /** How far inside each cell is; `unit`: cells of a 256th. The soft edge itself says it to parts of a cell. */
  #measure(unit: number): void {
    const [inside, surely, sums] = [this.#inside, this.#surely, this.#sums];
    for (let i = 0; i < inside.length; i++) {
      const alpha = sums[i * 8 + 3]! / 255 / sums[i * 8 + 7]!;
      inside[i] = alpha < OPAQUE ? (alpha - 0.5) * SOFT * STEEPNESS * unit : Infinity;
    }
    surely.set(inside);
    for (let column = 0; column < this.#across.cells; column++) surely[column] = Math.min(surely[column]!, 0);
    for (const distances of [inside, surely]) {
      kernels.spreadDistances(addressOf(distances), this.#across.cells, this.#down.cells);
      for (let i = 0; i < distances.length; i++) distances[i]! /= unit;
    }
  }

  /** The person's colours further inside and the background's further out, and both everywhere between. */
  #learn(): void {
    const [person, behind, sums] = [this.#person, this.#behind, this.#sums];
    for (let i = 0; i < this.#inside.length; i++) {
      const at = i * 8;
      const alpha = sums[at + 3]!;
      const visible = alpha > VISIBLE * 255 * sums[at + 7]!;
      const own = visible ? ramp(this.#surely[i]!, OWN_COLOUR) : 0;
      const beside = visible ? 1 - ramp(this.#inside[i]!, NOT_BEHIND) : 0;
      person.weights[i] = own;
      behind.weights[i] = beside;
      if (own === 0 && beside === 0) {
        person.values.fill(0, i * 3, i * 3 + 3); // of an earlier picture
        behind.values.fill(0, i * 4, i * 4 + 4);
        continue;
      }
      let apart = 0;
      for (let c = 0; c < 3; c++) {
        const colour = (sums[at + c]! * 255) / alpha;
        person.values[i * 3 + c] = colour;
        behind.values[i * 4 + c] = colour;
        if (beside > 0) apart += (colour - sums[at + 4 + c]! / sums[at + 7]!) ** 2;
      }
      behind.values[i * 4 + 3] = Math.sqrt(apart);
    }
    person.fill();
    behind.fill();
  }
}

/** Along a side of the picture: in which cell each pixel is; and between which two, and how near the second is. */
class Axis {
  readonly cells: number;
  readonly own: Int32Array;
  readonly beside: Int32Array; // [3,pixels]: first, second, and as floats 0..1 how near the second is

  constructor(pixels: number, cell: number) {
    this.cells = Math.ceil(pixels / cell);
    const places = Float32Array.from({ length: pixels }, (_, x) => (x + 0.5) / cell);
    const first = places.map((place) => clamp(Math.floor(place - 0.5), this.cells - 1));
    const second = first.map((one) => Math.min(one + 1, this.cells - 1));
    const share = places.map((place, x) => clamp(place - 0.5 - first[x]!, 1));
    this.own = kernelInts(Int32Array.from(places));
    this.beside = kernelInts([...first, ...second, ...new Int32Array(share.buffer)]);
  }
}

function ramp(value: number, { from, to }: Ramp): number {
  return smoothStep(value, from, to);
}

function clamp(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most);
}
