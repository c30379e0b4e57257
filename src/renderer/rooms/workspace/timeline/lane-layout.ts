export type LaneName = 'ruler' | 'film' | 'frames' | 'sound' | 'mouth';
export type LaneLayout = Readonly<Record<LaneName, { readonly top: number; readonly height: number }>>;

/** Heights at which everything can still be read, CSS pixels, and who gets how much of what there is more. */
const LANES: readonly { readonly name: LaneName; readonly least: number; readonly share: number }[] = [
  { name: 'ruler', least: 24, share: 0 },
  { name: 'film', least: 44, share: 2 },
  { name: 'frames', least: 12, share: 0.2 },
  { name: 'sound', least: 54, share: 3 },
  { name: 'mouth', least: 36, share: 2 },
];
const GAP = 3;
export const LEAST_HEIGHT = LANES.reduce((sum, { least }) => sum + least + GAP, 0);

/** Lanes from the top down, in `height` pixels or what they need at least. */
export function layOut(height: number): LaneLayout {
  const spare = Math.max(0, height - LEAST_HEIGHT);
  const shares = LANES.reduce((sum, { share }) => sum + share, 0);
  let top = 0;
  const entries = LANES.map(({ name, least, share }) => {
    const lane = { top, height: Math.floor(least + (spare * share) / shares) };
    top += lane.height + GAP;
    return [name, lane] as const;
  });
  return Object.fromEntries(entries) as Record<LaneName, { top: number; height: number }>;
}
