/**
 * Solves `matrix` [n,n] x = `right` [n,columns] for x, in place of `right`; Gauss with pivoting, for small regular
 * systems.
 */
export function solve(matrix: Float64Array, n: number, right: Float64Array, columns: number): Float64Array {
  const a = matrix.slice();
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column + 1; row < n; row++)
      if (Math.abs(a[row * n + column]!) > Math.abs(a[pivot * n + column]!)) pivot = row;
    swapRows(a, n, column, pivot);
    swapRows(right, columns, column, pivot);
    for (let row = 0; row < n; row++) {
      const factor = row === column ? 0 : a[row * n + column]! / a[column * n + column]!;
      if (factor === 0) continue;
      for (let k = column; k < n; k++) a[row * n + k]! -= factor * a[column * n + k]!;
      for (let k = 0; k < columns; k++) right[row * columns + k]! -= factor * right[column * columns + k]!;
    }
  }
  for (let row = 0; row < n; row++) for (let k = 0; k < columns; k++) right[row * columns + k]! /= a[row * n + row]!;
  return right;
}

/** The lower triangle L [n,n] with L·Lᵀ = `matrix` [n,n], which is symmetric and positive definite. */
export function cholesky(matrix: Float64Array, n: number): Float64Array {
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let value = matrix[i * n + j]!;
      for (let k = 0; k < j; k++) value -= lower[i * n + k]! * lower[j * n + k]!;
      lower[i * n + j] = i === j ? Math.sqrt(value) : value / lower[j * n + j]!;
    }
  return lower;
}

/** Of two matrices [n,n]. */
export function product(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const found = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) for (let j = 0; j < n; j++) found[i * n + j]! += a[i * n + k]! * b[k * n + j]!;
  return found;
}

export function transposed(matrix: Float64Array, n: number): Float64Array {
  return matrix.map((_, i) => matrix[(i % n) * n + Math.floor(i / n)]!);
}

function swapRows(values: Float64Array, width: number, a: number, b: number): void {
  if (a === b) return;
  for (let k = 0; k < width; k++)
    [values[a * width + k], values[b * width + k]] = [values[b * width + k]!, values[a * width + k]!];
}
