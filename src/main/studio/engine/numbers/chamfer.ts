/**
 * Lets distances [height,width] grow from each place to its neighbours, in place: what is known keeps its value, what
 * is `Infinity` becomes the distance to the nearest that is known, in places, within 8 % (Borgefors 1986).
 */
export function spreadDistances(away: Float32Array, width: number, height: number): void {
  const step = (at: number, from: number, far: number): void => {
    if (away[from]! + far < away[at]!) away[at] = away[from]! + far;
  };
  const pass = (row: number, column: number, way: 1 | -1): void => {
    const at = row * width + column;
    const before = column - way >= 0 && column - way < width;
    const after = column + way >= 0 && column + way < width;
    if (before) step(at, at - way, 1);
    if (row - way < 0 || row - way >= height) return;
    const above = at - way * width;
    step(at, above, 1);
    if (before) step(at, above - way, Math.SQRT2);
    if (after) step(at, above + way, Math.SQRT2);
  };
  for (let row = 0; row < height; row++) for (let column = 0; column < width; column++) pass(row, column, 1);
  for (let row = height - 1; row >= 0; row--) for (let column = width - 1; column >= 0; column--) pass(row, column, -1);
}
