/**
 * By how much to move so that one of `edges` meets the nearest of `targets` within `reach`; 0 and null where none is
 * near.
 */
export function snap(
  edges: readonly number[],
  targets: readonly number[],
  reach: number,
): { readonly by: number; readonly target: number | null } {
  let best: { readonly by: number; readonly target: number | null } = { by: 0, target: null };
  let nearest = reach;
  for (const edge of edges) {
    for (const target of targets) {
      const distance = Math.abs(target - edge);
      if (distance > nearest || (distance === nearest && best.target !== null)) continue;
      nearest = distance;
      best = { by: target - edge, target };
    }
  }
  return best;
}
