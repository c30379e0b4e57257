import type { Picture } from './crop-layer.ts';
import { Resampler, type View } from './resample.ts';

/** Rows of the picture that is blurred: finer, nobody would see it. */
const BLURRED_ROWS = 144;
/** Of its rows, on either side; three boxes of this are nearly a Gaussian of .05 of the height. */
const BLUR_REACH = 5;
const BOXES = 3;

interface Plate {
  readonly plate: Picture;
  /** How many of its pixels one of the source's is. */
  readonly scale: number;
}

/** A background as a picture shows it. */
export class Backdrop {
  readonly #plate: Plate;
  readonly #still: boolean;
  readonly #size: { readonly width: number; readonly height: number };
  readonly #resampler = new Resampler();
  #pixels: Uint8Array | undefined;

  /** `still`: every picture of this size shows the same of it. */
  constructor(plate: Plate, size: { readonly width: number; readonly height: number }, still: boolean) {
    this.#plate = plate;
    this.#size = size;
    this.#still = still;
  }

  /** Opaque RGBA [height,width,4] of a view, valid until the next. */
  of({ x0, y0, width, height }: View): Uint8Array {
    if (this.#pixels && this.#still) return this.#pixels;
    const { plate, scale } = this.#plate;
    const view = { x0: x0 * scale, y0: y0 * scale, width: width * scale, height: height * scale };
    const there = reaching(plate, view);
    this.#pixels ??= new Uint8Array(this.#size.width * this.#size.height * 4);
    this.#resampler.resample(there.plate, there.view, this.#size.width, this.#size.height, this.#pixels);
    return this.#pixels;
  }
}

/**
 * A plate that reaches as far as `view`: what lies beside it is its own mirror image. Answers the part of it that is
 * `view` too.
 */
function reaching(plate: Picture, view: View): { readonly plate: Picture; readonly view: View } {
  const beyond = (low: number, size: number, side: number): readonly [number, number] => [
    Math.max(0, Math.ceil(-low)),
    Math.max(0, Math.ceil(low + size - side)),
  ];
  const [left, right] = beyond(view.x0, view.width, plate.width);
  const [top, bottom] = beyond(view.y0, view.height, plate.height);
  if (left + right + top + bottom === 0) return { plate, view };
  const width = plate.width + left + right;
  const height = plate.height + top + bottom;
  const words = new Uint32Array(width * height);
  const from = new Uint32Array(plate.pixels.slice().buffer);
  const columns = Uint32Array.from({ length: width }, (_, x) => mirrored(x - left, plate.width));
  for (let y = 0, at = 0; y < height; y++) {
    const row = mirrored(y - top, plate.height) * plate.width;
    for (let x = 0; x < width; x++, at++) words[at] = from[row + columns[x]!]!;
  }
  return {
    plate: { width, height, pixels: new Uint8Array(words.buffer) },
    view: { ...view, x0: view.x0 + left, y0: view.y0 + top },
  };
}

/** 0, 1, 2, 2, 1, 0, 0, 1... for a side of three. */
function mirrored(at: number, side: number): number {
  const turn = ((at % (2 * side)) + 2 * side) % (2 * side);
  return turn < side ? turn : 2 * side - 1 - turn;
}

/** The plate blurred, and much smaller. */
export function blurred(plate: Picture): Plate {
  const height = Math.min(BLURRED_ROWS, plate.height);
  const scale = height / plate.height;
  const width = Math.max(1, Math.round(plate.width * scale));
  const whole = { x0: 0, y0: 0, width: plate.width, height: plate.height };
  let pixels = new Uint8Array(width * height * 4);
  new Resampler().resample(plate, whole, width, height, pixels);
  for (let box = 0; box < BOXES; box++) {
    pixels = boxed(pixels, width, height, 4, width * 4);
    pixels = boxed(pixels, height, width, width * 4, 4);
  }
  return { plate: { width, height, pixels }, scale };
}

/** Means of `2 * BLUR_REACH + 1` pixels along lines of `length` steps of `step` bytes; the ends are repeated. */
function boxed(
  pixels: Uint8Array<ArrayBuffer>,
  length: number,
  lines: number,
  step: number,
  lineStep: number,
): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(pixels.length);
  const count = 2 * BLUR_REACH + 1;
  const clamped = (at: number): number => Math.min(Math.max(at, 0), length - 1);
  for (let line = 0; line < lines; line++) {
    for (let channel = 0; channel < 4; channel++) {
      const begin = line * lineStep + channel;
      const value = (at: number): number => pixels[begin + clamped(at) * step]!;
      let sum = 0;
      for (let at = -BLUR_REACH; at <= BLUR_REACH; at++) sum += value(at);
      for (let at = 0; at < length; at++) {
        out[begin + at * step] = Math.round(sum / count);
        sum += value(at + BLUR_REACH + 1) - value(at - BLUR_REACH);
      }
    }
  }
  return out;
}
