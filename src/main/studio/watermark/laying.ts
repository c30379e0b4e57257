/** Laying a watermark into pictures. */
import { PatternLayer } from '../engine/index.ts';
import { encode, type Message } from './message.ts';
import { chipSide, chipsOf, drawn, sharpened, TILE } from './tile.ts';

/** Samples a chip is drawn with along its side; a pixel takes the nearest. */
const FINE = 8;
const SIDE = TILE * FINE;
/** The unit of what is laid: 32nds of the pattern's root mean square. */
const UNIT = 32;
/** A chip needs two pixels a side to be read again. */
const LEAST_CHIP = 2;
/**
 * Pixels of a chip from which on a pattern is as strong as it always is. A smaller one loses more to codecs and
 * scaling, and is stronger by as much, up to a third (measured: docs/decisions/marking.md).
 */
const WHOLE_CHIP = 4.6;
const STRONGEST = 1.3;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Whether a picture is large enough to carry one: from about 208x208 on. */
export const carries = (size: Size): boolean => chipSide(size) >= LEAST_CHIP;

/** The watermark of pictures of one size. */
export class Watermark {
  readonly #layer: PatternLayer;

  constructor(size: Size, message: Message) {
    this.#layer = new PatternLayer(size.width, patternOf(size, message));
  }

  /** Changes a picture in place: its luma, by a level or two. */
  lay(pixels: Uint8Array, format: 'yuv420p' | 'rgba'): void {
    this.#layer.lay(pixels, format);
  }
}

function patternOf(size: Size, message: Message): Int8Array {
  const chip = chipSide(size);
  const stronger = Math.min(Math.max(1, WHOLE_CHIP / chip), STRONGEST);
  const tile = drawn(sharpened(chipsOf(encode(message))), FINE);
  const power = Math.sqrt(tile.reduce((sum, value) => sum + value * value, 0) / tile.length);
  const unit = (UNIT * stronger) / power;
  const levels = Int8Array.from(tile, (value) => Math.max(-127, Math.min(127, Math.round(value * unit))));
  const place = (pixel: number): number => Math.floor(((pixel + 0.5) / chip) * FINE) % SIDE;
  const columns = Uint16Array.from({ length: size.width }, (_, column) => place(column));
  const pattern = new Int8Array(size.width * size.height);
  for (let row = 0, at = 0; row < size.height; row++) {
    const line = place(row) * SIDE;
    for (let column = 0; column < size.width; column++, at++) pattern[at] = levels[line + columns[column]!]!;
  }
  return pattern;
}
