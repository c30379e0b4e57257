const REFERENCE_HZ = 50;
const ROW_RATE = 100;
/** The detector's own middle: below it the pitch is a guess. */
const VOICED = 0.5;

/**
 * Hz [frames] of frames k/fps..(k+1)/fps from `rows` [T,2] at 100 Hz (octaves above 50 Hz, voicing): the mean of the
 * voiced rows' octaves where at least half the frame's rows are voiced, else NaN.
 */
export function framePitch(rows: Float32Array, fps: number, frames: number): Float32Array {
  const last = rows.length / 2 - 1;
  return Float32Array.from({ length: frames }, (_, frame) => {
    const from = Math.min(Math.round((frame / fps) * ROW_RATE), last);
    const to = Math.min(Math.max(Math.round(((frame + 1) / fps) * ROW_RATE), from + 1), last + 1);
    let [voiced, octaves] = [0, 0];
    for (let row = from; row < to; row++) {
      if (rows[row * 2 + 1]! < VOICED) continue;
      voiced += 1;
      octaves += rows[row * 2]!;
    }
    return voiced * 2 >= to - from && voiced > 0 ? REFERENCE_HZ * 2 ** (octaves / voiced) : Number.NaN;
  });
}
