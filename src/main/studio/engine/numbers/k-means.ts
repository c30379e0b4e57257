import { SeededRandom } from './random.ts';

export interface Clusters {
  readonly centres: readonly Float64Array[];
  /** Cluster of each row. */
  readonly of: Int32Array;
}

const RESTARTS = 5;
const ROUNDS = 60;
/** Numbers that are looked at before a distance may be given up. */
const AT_ONCE = 16;

/**
 * Lloyd's k-means from k-means++ beginnings (Arthur and Vassilvitskii 2007), the best of some; the same for the same
 * rows and seed.
 */
export function kMeans(rows: readonly Float64Array[], k: number, seed: number): Clusters {
  const random = new SeededRandom(seed);
  let best: { readonly clusters: Clusters; readonly error: number } | undefined;
  for (let restart = 0; restart < RESTARTS; restart++) {
    const found = lloyd(rows, beginnings(rows, k, random));
    if (!best || found.error < best.error) best = found;
  }
  return best!.clusters;
}

/** Or, where it is `most` at least, some number from there on. */
export function squaredDistance(a: Float64Array, b: Float64Array, most = Infinity): number {
  let sum = 0;
  for (let from = 0; from < a.length && sum < most; from += AT_ONCE) {
    const past = Math.min(from + AT_ONCE, a.length);
    for (let i = from; i < past; i++) {
      const away = a[i]! - b[i]!;
      sum += away * away;
    }
  }
  return sum;
}

/** Each far from those before it. */
function beginnings(rows: readonly Float64Array[], k: number, random: SeededRandom): Float64Array[] {
  const centres = [rows[Math.floor(random.next() * rows.length)]!.slice()];
  const nearest = Float64Array.from(rows, (row) => squaredDistance(row, centres[0]!));
  while (centres.length < k) {
    let left = random.next() * nearest.reduce((a, b) => a + b, 0);
    let next = 0;
    while (next < rows.length - 1 && (left -= nearest[next]!) > 0) next += 1;
    const centre = rows[next]!.slice();
    centres.push(centre);
    for (const [i, row] of rows.entries()) nearest[i] = Math.min(nearest[i]!, squaredDistance(row, centre));
  }
  return centres;
}

function lloyd(rows: readonly Float64Array[], centres: Float64Array[]): { clusters: Clusters; error: number } {
  const of = new Int32Array(rows.length).fill(-1);
  let error = 0;
  for (let round = 0; round < ROUNDS; round++) {
    let moved = false;
    error = 0;
    for (let i = 0; i < rows.length; i++) {
      // Where it was it mostly stays, and other centres are known to be farther by few of their numbers.
      let nearest = Math.max(of[i]!, 0);
      let least = squaredDistance(rows[i]!, centres[nearest]!);
      for (let k = 0; k < centres.length; k++) {
        if (k === nearest) continue;
        const distance = squaredDistance(rows[i]!, centres[k]!, least);
        if (distance >= least) continue;
        nearest = k;
        least = distance;
      }
      moved ||= of[i] !== nearest;
      of[i] = nearest;
      error += least;
    }
    if (!moved) break;
    const members = new Int32Array(centres.length);
    for (const k of of) members[k]! += 1;
    for (const [k, centre] of centres.entries()) if (members[k]! > 0) centre.fill(0); // else it stays where it was
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      const centre = centres[of[i]!]!;
      const count = members[of[i]!]!;
      for (let d = 0; d < centre.length; d++) centre[d] = centre[d]! + row[d]! / count;
    }
  }
  return { clusters: { centres, of }, error };
}
