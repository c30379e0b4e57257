/** Bytes of a block: a pair of textures at four texels of four channels. */
const BLOCK: usize = 32;

/**
 * Adds weighted textures to a chart [.,4] f32: chart += step * sum(weight * texture).
 *
 * Two textures at a time are multiplied and summed in one instruction, so they lie in pairs: `textures` i8 [blocks,
 * pairs,4 texels,4 channels,2], `weights` i16 [pairs,2]. `runs` i32 [runCount,2] says where in the chart consecutive
 * blocks go: bytes from its begin, and how many blocks.
 */
export function mix(
  chart: usize,
  textures: usize,
  weights: usize,
  pairs: usize,
  runs: usize,
  runCount: i32,
  step: f32,
): void {
  const steps = f32x4.splat(step);
  const pastWeights = weights + pairs * 4;
  let from = textures;
  for (const pastRuns = runs + ((<usize>runCount) << 3); runs < pastRuns; runs += 8) {
    let to = chart + <usize>load<i32>(runs);
    for (let block = load<i32>(runs, 4); block > 0; block--, to += 64) {
      let a = i32x4.splat(0);
      let b = i32x4.splat(0);
      let c = i32x4.splat(0);
      let d = i32x4.splat(0);
      for (let pair = weights; pair < pastWeights; pair += 4, from += BLOCK) {
        const weight = v128.load32_splat(pair);
        const front = v128.load(from);
        const back = v128.load(from, 16);
        a = i32x4.add(a, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(front), weight));
        b = i32x4.add(b, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(front), weight));
        c = i32x4.add(c, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(back), weight));
        d = i32x4.add(d, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(back), weight));
      }
      add(to, a, steps);
      add(to + 16, b, steps);
      add(to + 32, c, steps);
      add(to + 48, d, steps);
    }
  }
}

function add(texel: usize, sum: v128, steps: v128): void {
  v128.store(texel, f32x4.add(v128.load(texel), f32x4.mul(f32x4.convert_i32x4_s(sum), steps)));
}
