/** Signals of `width` values a row at a fixed rate: the arithmetic between 100 Hz speech motion and video frames. */

/** Row at `position` (in rows), linear between rows, held at the ends, into `out`. */
export function sampleRow(signal: Float32Array, width: number, position: number, out: Float32Array): void {
  const last = signal.length / width - 1;
  const clamped = Math.min(Math.max(position, 0), last);
  const before = Math.floor(clamped);
  const after = Math.min(before + 1, last);
  const share = clamped - before;
  for (let k = 0; k < width; k++)
    out[k] = signal[before * width + k]! * (1 - share) + signal[after * width + k]! * share;
}

/**
 * Gaussian along time, truncated at 3 sigma, ends held. `keep` [rows] in 0..1 says how much of a row must stay as it
 * is: a closed mouth is one or two frames long, and any blur would open it.
 */
export function smoothRows(signal: Float32Array, width: number, sigma: number, keep: Float32Array): Float32Array {
  const reach = Math.ceil(3 * sigma);
  const rows = signal.length / width;
  if (reach === 0 || rows === 0) return signal.slice();
  const kernel = Float64Array.from({ length: 2 * reach + 1 }, (_, k) => Math.exp(-0.5 * ((k - reach) / sigma) ** 2));
  const total = kernel.reduce((a, b) => a + b);
  const smooth = new Float32Array(signal.length);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < width; k++) {
      let sum = 0;
      for (let tap = -reach; tap <= reach; tap++) {
        const from = Math.min(Math.max(row + tap, 0), rows - 1);
        sum += kernel[tap + reach]! * signal[from * width + k]!;
      }
      smooth[row * width + k] = keep[row]! * signal[row * width + k]! + (1 - keep[row]!) * (sum / total);
    }
  }
  return smooth;
}

/** Gaussian along an even signal, truncated after so many deviations, ends held. */
export function gaussian(signal: Float64Array, sigma: number, deviations: number): Float64Array {
  const reach = Math.ceil(deviations * sigma);
  const kernel = Float64Array.from({ length: reach + 1 }, (_, k) => Math.exp(-0.5 * (k / sigma) ** 2));
  const total = kernel.reduce((sum, value, k) => sum + (k > 0 ? 2 : 1) * value, 0);
  const at = (row: number): number => signal[Math.min(Math.max(row, 0), signal.length - 1)]!;
  return signal.map((value, row) => {
    let sum = kernel[0]! * value;
    for (let k = 1; k <= reach; k++) sum += kernel[k]! * (at(row - k) + at(row + k));
    return sum / total;
  });
}
