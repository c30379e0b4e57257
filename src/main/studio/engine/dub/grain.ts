import type { PlanarPicture } from './planar.ts';
import type { Place } from './upper-face.ts';

const SETTLE_SECONDS = 0.5;
const LEAST_SAMPLES = 24;
const MOST_GRAIN = 12; // grey levels
/** Less is lost in rounding to whole levels. */
const LEAST_GRAIN = 0.35;
/** Of the median of |x| to the standard deviation of normal noise. */
const MEDIAN_TO_SPREAD = 1 / 0.6745;
/** Of the sum of 1, 1, 1, 1, -4 squared: by how much the Laplacian spreads noise. */
const LAPLACIAN_SPREAD = Math.sqrt(20);

/**
 * How much grain the film has and what is drawn lacks: noise is what differs from its neighbours, as the median has it,
 * which edges do not move (after Immerkaer 1996). Measured on the upper face, where both show the same, and followed
 * slowly.
 */
export class GrainMatch {
  #filmed = 0;
  #drawn = 0;

  /**
   * Goes on from what the frames before left in `film` [4], and leaves it there. `measured` is the same frame's picture
   * before and after the face was put in, the filmed grain first; null where nothing could be measured. `rows` are
   * those that grain is added to; the answer is how many rows got some before them.
   */
  follow(film: Float64Array, measured: readonly [number, number] | null, seconds: number, rows: number): number {
    const [settled, filmed, drawn, before] = film as unknown as [number, number, number, number];
    [this.#filmed, this.#drawn] = [filmed, drawn];
    if (measured) {
      const share = settled ? 1 - Math.exp(-seconds / SETTLE_SECONDS) : 1;
      this.#filmed += (measured[0] - filmed) * share;
      this.#drawn += (measured[1] - drawn) * share;
    }
    film.set([settled || measured ? 1 : 0, this.#filmed, this.#drawn, before + (this.missing > 0 ? rows : 0)]);
    return before;
  }

  /** The standard deviation, in levels of luma, of the grain to add; 0 where there is none to speak of. */
  get missing(): number {
    const missing = Math.sqrt(Math.max(0, this.#filmed ** 2 - this.#drawn ** 2));
    return missing < LEAST_GRAIN ? 0 : Math.min(missing, MOST_GRAIN);
  }
}

/** The standard deviation of the noise of a picture's luma at some places, levels; null where they are too few. */
export function grainOf({ width, height, planes }: PlanarPicture, places: readonly Place[]): number | null {
  const differences: number[] = [];
  for (const { x, y } of places) {
    if (x < 1 || y < 1 || x >= width - 1 || y >= height - 1) continue;
    const at = y * width + x;
    const around = planes[at - 1]! + planes[at + 1]! + planes[at - width]! + planes[at + width]!;
    differences.push(Math.abs(around - 4 * planes[at]!));
  }
  if (differences.length < LEAST_SAMPLES) return null;
  differences.sort((a, b) => a - b);
  return (differences[differences.length >> 1]! * MEDIAN_TO_SPREAD) / LAPLACIAN_SPREAD;
}
