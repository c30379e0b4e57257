/**
 * Multiplies a layer f32 [height,width,4] by `share` of a square mask f32 [side,side] that lies on it: pixel (x, y) is
 * the mask's (x * scale + left, y * scale + top), in pixels from the centre of its first, blended of four. Nothing lies
 * beyond the mask.
 */
export function weigh(
  layer: usize,
  width: i32,
  height: i32,
  mask: usize,
  side: i32,
  left: f64,
  top: f64,
  scale: f64,
  share: f32,
): void {
  const most = <f64>(side - 1);
  const line = (<usize>side) << 2;
  for (let row = 0; row < height; row++) {
    const y = <f64>row * scale + top;
    const above = min(max(y, 0), most);
    const upper = min(floor(above), most - 1);
    const lower = <f32>(above - upper);
    const from = mask + line * <usize>upper;
    const beyond = y < -0.5 || y > most + 0.5;
    for (let column = 0; column < width; column++, layer += 16) {
      const x = <f64>column * scale + left;
      let weight: f32 = 0;
      if (!beyond && x >= -0.5 && x <= most + 0.5) {
        const within = min(max(x, 0), most);
        const first = min(floor(within), most - 1);
        const right = <f32>(within - first);
        const at = from + ((<usize>first) << 2);
        const a = load<f32>(at) * (1 - right) + load<f32>(at, 4) * right;
        const b = load<f32>(at + line) * (1 - right) + load<f32>(at + line, 4) * right;
        weight = share * (a * (1 - lower) + b * lower);
      }
      v128.store(layer, f32x4.mul(v128.load(layer), f32x4.splat(weight)));
    }
  }
}
