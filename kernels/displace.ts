/**
 * Moves `count` positions f32 [.,2], in 256ths of a side, by a grid of offsets f32 [side,side,2] in the same unit,
 * looked up bilinearly; the grid's edge is repeated outside. In place.
 */
export function displace(positions: usize, count: i32, grid: usize, side: i32): void {
  const scale = <f64>side / 256;
  const last = side - 2;
  const line = (<usize>side) << 3;
  for (const past = positions + ((<usize>count) << 3); positions < past; positions += 8) {
    const u = min(max(<f64>load<f32>(positions) * scale - 0.5, 0), <f64>(side - 1));
    const v = min(max(<f64>load<f32>(positions, 4) * scale - 0.5, 0), <f64>(side - 1));
    const column = min(<i32>floor(u), last);
    const row = min(<i32>floor(v), last);
    const s = <f32>(u - <f64>column);
    const t = <f32>(v - <f64>row);
    const above = grid + <usize>row * line + ((<usize>column) << 3);
    for (let axis: usize = 0; axis < 8; axis += 4) {
      const a = load<f32>(above + axis);
      const c = load<f32>(above + axis + line);
      const first = a + s * (load<f32>(above + axis + 8) - a);
      const second = c + s * (load<f32>(above + axis + line + 8) - c);
      store<f32>(positions + axis, load<f32>(positions + axis) + first + t * (second - first));
    }
  }
}
