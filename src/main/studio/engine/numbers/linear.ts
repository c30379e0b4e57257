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

function swapRows(values: Float64Array, width: number, a: number, b: number): void {
  if (a === b) return;
  for (let k = 0; k < width; k++)
    [values[a * width + k], values[b * width + k]] = [values[b * width + k]!, values[a * width + k]!];
}
