import { EXPRESSIONS, VERTICES } from '../../../../shared/face/index.ts';
import type { Rig } from '../bundle/index.ts';
import { solve } from '../numbers/linear.ts';

/**
 * Upper and lower inner lip, from the middle to the sides; the middle's whole way, of the others how far they are open.
 */
const LIPS = [
  [13, 14],
  [82, 87],
  [312, 317],
  [81, 178],
  [311, 402],
] as const;
/** Upper and lower lid: right, left. */
const LIDS = [
  [160, 144],
  [159, 145],
  [158, 153],
  [385, 380],
  [386, 374],
  [387, 373],
] as const;

/** cm of all vertices: what going through a whole range is as bad as. */
const WHOLE_RANGE = 0.03;
const LEAST_RANGE = 1e-4;

/**
 * Changes of expression that neither open nor close lips or lids: what speech and blinks decide stays theirs. Of those,
 * the one nearest to any change: by how far the mesh moves, and by how much of the person's range each coefficient goes
 * through.
 */
export class Speechless {
  readonly #projector: Float64Array; // [64,64]

  constructor(rig: Pick<Rig, 'expressionBasis' | 'expressionLow' | 'expressionHigh'>) {
    const { expressionBasis } = rig;
    const distances = [
      ...[0, 2].map((axis) => [...LIPS[0], axis] as const),
      ...[...LIPS, ...LIDS].map((pair) => [...pair, 1] as const),
    ].map(([upper, lower, axis]) =>
      Float64Array.from(
        { length: EXPRESSIONS },
        (_, k) =>
          expressionBasis[(k * VERTICES + upper) * 3 + axis]! - expressionBasis[(k * VERTICES + lower) * 3 + axis]!,
      ),
    );
    const n = distances.length;
    const ways = new Float64Array(EXPRESSIONS * n);
    for (const [c, distance] of distances.entries())
      for (let k = 0; k < EXPRESSIONS; k++) ways[k * n + c] = distance[k]!;
    solve(costs(rig), EXPRESSIONS, ways, n);
    const couplings = new Float64Array(n * n);
    const undone = new Float64Array(n * EXPRESSIONS);
    let trace = 0;
    for (const [a, distance] of distances.entries()) {
      undone.set(distance, a * EXPRESSIONS);
      for (let k = 0; k < EXPRESSIONS; k++)
        for (let b = 0; b < n; b++) couplings[a * n + b]! += distance[k]! * ways[k * n + b]!;
      trace += couplings[a * n + a]!;
    }
    // some lips may have no way to move
    for (let a = 0; a < n; a++) couplings[a * n + a]! += (1e-9 * trace) / n + 1e-30;
    solve(couplings, n, undone, EXPRESSIONS);
    this.#projector = Float64Array.from({ length: EXPRESSIONS * EXPRESSIONS }, (_, i) => {
      const [row, column] = [Math.floor(i / EXPRESSIONS), i % EXPRESSIONS];
      let value = row === column ? 1 : 0;
      for (let c = 0; c < n; c++) value -= ways[row * n + c]! * undone[c * EXPRESSIONS + column]!;
      return value;
    });
  }

  /** Of any change [64]. */
  of(change: ArrayLike<number>): Float64Array {
    return Float64Array.from({ length: EXPRESSIONS }, (_, row) => {
      let sum = 0;
      for (let k = 0; k < EXPRESSIONS; k++) sum += this.#projector[row * EXPRESSIONS + k]! * change[k]!;
      return sum;
    });
  }
}

/** What a change costs, squared cm [64,64]. */
function costs({
  expressionBasis: basis,
  expressionLow,
  expressionHigh,
}: Pick<Rig, 'expressionBasis' | 'expressionLow' | 'expressionHigh'>): Float64Array {
  const size = VERTICES * 3;
  const costs = new Float64Array(EXPRESSIONS * EXPRESSIONS);
  for (let a = 0; a < EXPRESSIONS; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let c = 0; c < size; c++) sum += basis[a * size + c]! * basis[b * size + c]!;
      costs[a * EXPRESSIONS + b] = costs[b * EXPRESSIONS + a] = sum;
    }
    costs[a * EXPRESSIONS + a]! +=
      (VERTICES * WHOLE_RANGE ** 2) / Math.max(expressionHigh[a]! - expressionLow[a]!, LEAST_RANGE) ** 2;
  }
  return costs;
}
