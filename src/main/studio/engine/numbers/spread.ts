/** The middle of some times and what 95 in a hundred stay below, milliseconds. */
export interface Spread {
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** Zeros for none. */
export function spreadOf(times: readonly number[]): Spread {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50Ms: at(0.5), p95Ms: at(0.95) };
}
