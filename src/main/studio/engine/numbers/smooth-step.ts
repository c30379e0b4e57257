/** 0 up to `from`, 1 from `to` on, and without a corner between them. */
export function smoothStep(value: number, from = 0, to = 1): number {
  const x = Math.min(Math.max((value - from) / (to - from), 0), 1);
  return x * x * (3 - 2 * x);
}
