import type { SpokenPhone } from './script.ts';

/** IPA of the sounds for which the lips meet, in any language. */
const BILABIALS = new Set(['p', 'b', 'm']);

/** Where lips meet in what is said, seconds: p, b and m, those that follow on each other as one. */
export function bilabials(phones: readonly SpokenPhone[]): { readonly from: number; readonly to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (const { symbol, from, to } of phones) {
    if (!BILABIALS.has(symbol) || to <= from) continue;
    const before = found.at(-1);
    if (before && from - before.to < 1e-3) before.to = to;
    else found.push({ from, to });
  }
  return found;
}
