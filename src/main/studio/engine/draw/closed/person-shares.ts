/** As far as the alpha of a person's frames reaches beyond their outline, and a little more; 256ths of the side. */
const BEYOND = 11;
/** From there on inwards it is more and more the person; 256ths of the side. */
const SOFT = 6;
const OPAQUE = 128; // of 255

/** How far each texel [side,side] of a chart [side,side,4] of colour times alpha is the person, 0..1. */
export function personShares(chart: Float32Array, side: number): Float32Array {
  const away = new Float32Array(side * side);
  for (let i = 0; i < away.length; i++) away[i] = chart[i * 4 + 3]! >= OPAQUE ? Infinity : 0;
  // To the nearest texel outside, by its neighbours: within 8 % of the true distance.
  const step = (at: number, from: number, far: number): void => {
    if (away[from]! + far < away[at]!) away[at] = away[from]! + far;
  };
  const pass = (row: number, column: number, way: 1 | -1): void => {
    const at = row * side + column;
    const before = column - way >= 0 && column - way < side;
    const after = column + way >= 0 && column + way < side;
    if (before) step(at, at - way, 1);
    if (row - way < 0 || row - way >= side) return;
    const above = at - way * side;
    step(at, above, 1);
    if (before) step(at, above - way, Math.SQRT2);
    if (after) step(at, above + way, Math.SQRT2);
  };
  for (let row = 0; row < side; row++) for (let column = 0; column < side; column++) pass(row, column, 1);
  for (let row = side - 1; row >= 0; row--) for (let column = side - 1; column >= 0; column--) pass(row, column, -1);
  const texel = 256 / side;
  return away.map((far) => smooth((far * texel - BEYOND) / SOFT));
}

function smooth(share: number): number {
  const x = Math.min(Math.max(share, 0), 1);
  return x * x * (3 - 2 * x);
}
