import { solve } from './linear.ts';

/** Products of columns with columns and with targets over a stretch: all that a ridge regression needs. */
export class Products {
  readonly #gram: Float64Array;
  readonly #cross: readonly Float64Array[];

  private constructor(gram: Float64Array, cross: readonly Float64Array[]) {
    this.#gram = gram;
    this.#cross = cross;
  }

  static of(columns: readonly Float64Array[], targets: readonly Float64Array[], from: number, to: number): Products {
    const dot = (a: Float64Array, b: Float64Array): number => {
      let total = 0;
      for (let k = from; k < to; k++) total += a[k]! * b[k]!;
      return total;
    };
    const size = columns.length;
    const gram = new Float64Array(size * size);
    for (let a = 0; a < size; a++)
      for (let b = a; b < size; b++) gram[a * size + b] = gram[b * size + a] = dot(columns[a]!, columns[b]!);
    return new Products(
      gram,
      targets.map((target) => Float64Array.from(columns, (column) => dot(column, target))),
    );
  }

  less(other: Products): Products {
    const minus = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, k) => value - b[k]!);
    return new Products(
      minus(this.#gram, other.#gram),
      this.#cross.map((cross, k) => minus(cross, other.#cross[k]!)),
    );
  }

  /** `ridge` is a share of the mean of the columns' own products. */
  weights(target: number, ridge: number): Float64Array {
    const size = this.#cross[0]!.length;
    let trace = 0;
    for (let k = 0; k < size; k++) trace += this.#gram[k * size + k]!;
    const matrix = this.#gram.slice();
    for (let k = 0; k < size; k++) matrix[k * size + k]! += (ridge * trace) / size + 1e-12;
    return solve(matrix, size, this.#cross[target]!.slice(), 1);
  }
}

export function correlation(a: Float64Array, b: Float64Array): number {
  const [x, y] = [centred(a), centred(b)];
  let [xy, xx, yy] = [0, 0, 0];
  for (let k = 0; k < x.length; k++) {
    xy += x[k]! * y[k]!;
    xx += x[k]! ** 2;
    yy += y[k]! ** 2;
  }
  return xx * yy > 0 ? xy / Math.sqrt(xx * yy) : 0;
}

export function centred(values: Float64Array): Float64Array {
  const mean = sum(values) / values.length;
  const found = new Float64Array(values.length);
  for (let k = 0; k < values.length; k++) found[k] = values[k]! - mean;
  return found;
}

export function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let k = 0; k < values.length; k++) total += values[k]!;
  return total;
}
