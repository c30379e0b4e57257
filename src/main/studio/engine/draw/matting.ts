import { GEOMETRY } from '../../../../shared/format/index.ts';
import { spreadDistances } from '../numbers/chamfer.ts';
import { PullPush } from '../numbers/pull-push.ts';
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
/** Distances inwards from where the alpha begins, 256ths. A mask errs by some of them, and hair reaches beyond it. */
const SOMEBODY: Ramp = { from: BEYOND - 6, to: BEYOND - 2 };
const SURELY: Ramp = { from: BEYOND + 1, to: BEYOND + 5 };
const OUTLINE: Ramp = { from: BEYOND - 1, to: BEYOND + 3 };
const OWN_COLOUR: Ramp = { from: BEYOND + 4, to: BEYOND + 6 };
const NOT_BEHIND: Ramp = { from: 2, to: 4 };
/** Distances of colours, of 255. Person and background have to differ, or the outline is believed. */
const TELLS_APART: Ramp = { from: 25, to: 70 };
/** What is no mixture of the two is the person where it differs from the background: by less if that is known well. */
const NEITHER: Ramp = { from: 40, to: 90 };
const DIFFERS: Ramp = { from: 50, to: 110 };
const DIFFERS_FROM_PLATE: Ramp = { from: 20, to: 60 };
/** The plate is the background where it looks as what was drawn beside it. */
const NOT_THE_PLATE: Ramp = { from: 10, to: 28 };
/** A mixture that is nearly the one is the one. */
const MIXED: Ramp = { from: 0.1, to: 0.85 };

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
  readonly #colours = new Float32Array(6);

  constructor(width: number, height: number) {
    [this.#width, this.#height] = [width, height];
    this.#cell = Math.max(1, height / CELLS);
    this.#across = new Axis(width, this.#cell);
    this.#down = new Axis(height, this.#cell);
    const [columns, rows] = [this.#across.cells, this.#down.cells];
    this.#sums = new Float32Array(columns * rows * 8);
    this.#inside = new Float32Array(columns * rows);
    this.#surely = new Float32Array(columns * rows);
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
    const [inside, surely, columns] = [this.#inside, this.#surely, this.#across.cells];
    const near = (2 * this.#cell) / unit; // as far as a pixel is from the first of its four cells, and more
    for (let y = 0, at = 0; y < this.#height; y++) {
      const row = this.#down.first[y]! * columns;
      for (let x = 0; x < this.#width; x++, at += 4) {
        const cell = row + this.#across.first[x]!;
        const alpha = multiplied[at + 3]!;
        if (alpha === 0 || inside[cell]! < SOMEBODY.from - near)
          bare[at] = bare[at + 1] = bare[at + 2] = bare[at + 3] = 0;
        else if (surely[cell]! > SURELY.to + near) {
          for (let c = 0; c < 3; c++) bare[at + c] = Math.min(255, (multiplied[at + c]! * 255) / alpha + 0.5);
          bare[at + 3] = alpha;
        } else this.#unmix(multiplied, background, bare, x, y);
      }
    }
  }

  #gather(multiplied: Uint8Array, background: Uint8Array): void {
    const sums = this.#sums.fill(0);
    const [width, height, columns] = [this.#width, this.#height, this.#across.cells];
    const [across, down] = [this.#across.own, this.#down.own];
    for (let y = 0, at = 0; y < height; y++) {
      const row = down[y]! * columns;
      for (let x = 0; x < width; x++, at += 4) {
        const to = (row + across[x]!) * 8;
        sums[to]! += multiplied[at]!;
        sums[to + 1]! += multiplied[at + 1]!;
        sums[to + 2]! += multiplied[at + 2]!;
        sums[to + 3]! += multiplied[at + 3]!;
        sums[to + 4]! += background[at]!;
        sums[to + 5]! += background[at + 1]!;
        sums[to + 6]! += background[at + 2]!;
        sums[to + 7]! += 1;
      }
    }
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
      spreadDistances(distances, this.#across.cells, this.#down.cells);
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
      person.weights[i] = visible ? ramp(this.#surely[i]!, OWN_COLOUR) : 0;
      behind.weights[i] = visible ? 1 - ramp(this.#inside[i]!, NOT_BEHIND) : 0;
      let apart = 0;
      for (let c = 0; c < 3; c++) {
        const colour = visible ? (sums[at + c]! * 255) / alpha : 0;
        person.values[i * 3 + c] = colour;
        behind.values[i * 4 + c] = colour;
        apart += (colour - sums[at + 4 + c]! / sums[at + 7]!) ** 2;
      }
      behind.values[i * 4 + 3] = Math.sqrt(apart);
    }
    person.fill();
    behind.fill();
  }

  #unmix(multiplied: Uint8Array, background: Uint8Array, bare: Uint8Array, x: number, y: number): void {
    const at = (y * this.#width + x) * 4;
    const columns = this.#across.cells;
    const upper = this.#down.first[y]! * columns;
    const lower = this.#down.second[y]! * columns;
    const first = this.#across.first[x]!;
    const second = this.#across.second[x]!;
    // The four cells that are nearest, and what lies between them.
    const a = upper + first;
    const b = upper + second;
    const c = lower + first;
    const d = lower + second;
    const across = this.#across.share[x]!;
    const down = this.#down.share[y]!;
    const inside = between(this.#inside[a]!, this.#inside[b]!, this.#inside[c]!, this.#inside[d]!, across, down);
    const within = this.#surely;
    const deep = ramp(between(within[a]!, within[b]!, within[c]!, within[d]!, across, down), SURELY);
    const person = this.#person.values;
    const ring = this.#behind.values;
    const toPlate = between(ring[a * 4 + 3]!, ring[b * 4 + 3]!, ring[c * 4 + 3]!, ring[d * 4 + 3]!, across, down);
    const plate = 1 - ramp(toPlate, NOT_THE_PLATE);
    const drawn = 255 / multiplied[at + 3]!;
    // Seen from the background: the colour here and the person's own, and what the first has of the second.
    let apart = 0;
    let along = 0;
    let away = 0;
    let fromRing = 0;
    let fromPlate = 0;
    for (let k = 0; k < 3; k++) {
      const own = between(person[a * 3 + k]!, person[b * 3 + k]!, person[c * 3 + k]!, person[d * 3 + k]!, across, down);
      const beside = between(ring[a * 4 + k]!, ring[b * 4 + k]!, ring[c * 4 + k]!, ring[d * 4 + k]!, across, down);
      const filmed = background[at + k]!;
      const behind = beside + plate * (filmed - beside);
      const here = multiplied[at + k]! * drawn;
      apart += (own - behind) ** 2;
      along += (here - behind) * (own - behind);
      away += (here - behind) ** 2;
      fromRing += (here - beside) ** 2;
      fromPlate += (here - filmed) ** 2;
      this.#colours[k] = here;
      this.#colours[3 + k] = own - behind;
    }
    const mixed = clamp(along / Math.max(apart, 1), 1);
    const rest = Math.sqrt(Math.max(0, away - 2 * mixed * along + mixed * mixed * apart));
    const toOwn = Math.sqrt(Math.max(0, away - 2 * along + apart));
    const nearer = Math.sqrt(away) / Math.max(Math.sqrt(away) + toOwn, 1);
    const unlike = ramp(Math.sqrt(apart), TELLS_APART);
    const told = unlike * (1 - ramp(rest, NEITHER));
    const distance = Math.sqrt(Math.min(fromRing, fromPlate));
    const differs = ramp(distance, DIFFERS) * (1 - plate) + ramp(distance, DIFFERS_FROM_PLATE) * plate;
    const untold = Math.max(differs, ramp(inside, OUTLINE) * (1 - unlike * plate));
    const share = ramp(Math.max(mixed, nearer), MIXED) * told + untold * (1 - told);
    // The background's part of a mixture becomes the person's; what is no part of it stays.
    const exchanged = told * (1 - mixed) * (1 - deep);
    for (let k = 0; k < 3; k++) bare[at + k] = clamp(this.#colours[k]! + exchanged * this.#colours[3 + k]!, 255) + 0.5;
    bare[at + 3] = 255 * Math.min(Math.max(share, deep), ramp(inside, SOMEBODY)) + 0.5;
  }
}

/** Along a side of the picture: in which cell each pixel is, between which two, and how near the second is, 0..1. */
class Axis {
  readonly cells: number;
  readonly own: Int32Array;
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly share: Float32Array;

  constructor(pixels: number, cell: number) {
    this.cells = Math.ceil(pixels / cell);
    const places = Float32Array.from({ length: pixels }, (_, x) => (x + 0.5) / cell);
    this.own = Int32Array.from(places);
    this.first = Int32Array.from(places, (place) => clamp(Math.floor(place - 0.5), this.cells - 1));
    this.second = this.first.map((first) => Math.min(first + 1, this.cells - 1));
    this.share = places.map((place, x) => clamp(place - 0.5 - this.first[x]!, 1));
  }
}

/** Of four neighbours, the first two above the others: a value that far to the right of the first, and down. */
function between(a: number, b: number, c: number, d: number, across: number, down: number): number {
  return (a * (1 - across) + b * across) * (1 - down) + (c * (1 - across) + d * across) * down;
}

function ramp(value: number, { from, to }: Ramp): number {
  return smoothStep(value, from, to);
}

function clamp(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most);
}
