import { FEATURES, ROW_RATE } from './listen.ts';
import { likeliestPath, meanDistance, type Path, type Recorded, type Said } from './path.ts';

/** What is looked at at once; the last of a text is up to twice as long. */
const STRETCH = 20 * ROW_RATE;
/**
 * How much better a text has to fit than its own words in reverse, as a share of that, times the root of its rows. Of
 * 132 sentences held against the sound of another 6 are above it, of 36 held against their own (clean, with noise, and
 * with other voices speaking, at 10 dB) none is below; of texts of a minute every wrong one has a stretch below it.
 */
const LEAST_FIT = 1.6;
/** Fewer words are hardly others in reverse. */
const LEAST_WORDS = 4;

/** The first word of the first stretch of the text that is not said where the path has it; undefined where all is. */
export async function fitsAlong(
  recorded: Recorded,
  said: Said,
  path: Path,
  signal: AbortSignal,
): Promise<number | undefined> {
  for (const { first, behind } of stretchesOf(said.owners)) {
    if (said.owners[behind - 1]! - said.owners[first]! + 1 < LEAST_WORDS) continue;
    const fit = await fitOf(recorded, said, path, first, behind, signal);
    if (fit * Math.sqrt(behind - first) < LEAST_FIT) return said.owners[first];
  }
  return undefined;
}

/** How well rows `first` to `behind` of what is said fit where the path has them: about 0 for any other words. */
async function fitOf(
  recorded: Recorded,
  said: Said,
  path: Path,
  first: number,
  behind: number,
  signal: AbortSignal,
): Promise<number> {
  const begin = path.findIndex((row) => row >= first && row < behind);
  const end = path.findLastIndex((row) => row >= first && row < behind) + 1;
  if (begin < 0) return 0; // passed over
  const part = {
    features: recorded.features.subarray(begin * FEATURES, end * FEATURES),
    gapCosts: recorded.gapCosts.subarray(begin, end),
  };
  const backwards = inReverse(said, first, behind);
  const chance = await likeliestPath(part, backwards, signal);
  if (!chance) return 0;
  const here = path.subarray(begin, end).map((row) => (row >= first && row < behind ? row : -1));
  return 1 - meanDistance(part, said, here) / meanDistance(part, backwards, chance);
}

/** The words of rows `first` to `behind`, the last of them first. */
function inReverse({ features, owners }: Said, first: number, behind: number): Said {
  const order = Array.from({ length: behind - first }, (_, k) => first + k).toSorted((a, b) => owners[b]! - owners[a]!);
  const reversed = new Float32Array(order.length * FEATURES);
  for (const [k, row] of order.entries())
    reversed.set(features.subarray(row * FEATURES, (row + 1) * FEATURES), k * FEATURES);
  const last = owners[behind - 1]!;
  return { features: reversed, owners: Int32Array.from(order, (row) => last - owners[row]!) };
}

/** Whole words, at least STRETCH rows of them. */
function stretchesOf(owners: Int32Array): { readonly first: number; readonly behind: number }[] {
  const cuts = [0];
  for (let row = STRETCH; row <= owners.length - STRETCH; row++)
    if (owners[row] !== owners[row - 1] && row - cuts.at(-1)! >= STRETCH) cuts.push(row);
  return cuts.map((first, k) => ({ first, behind: cuts[k + 1] ?? owners.length }));
}
