export type LaneName = 'ruler' | 'film' | 'frames' | 'sound' | 'pitch' | 'mouth';
export type LaneLayout = Readonly<Record<LaneName, { readonly top: number; readonly height: number }>>;

/** A row of clips in which a name and a waveform can both be seen, CSS pixels. */
const SOUND_ROW = 40;
const GAP = 3;

interface Lane {
  readonly name: LaneName;
  /** The height at which everything can still be read, CSS pixels. */
  readonly least: number;
  /** How much it gets of what there is more. */
  readonly share: number;
}

/** `rows`: of clips that sound at the same time, each as high as a single one. */
const lanesOf = (rows: number): readonly Lane[] => [
  { name: 'ruler', least: 24, share: 0 },
  { name: 'film', least: 44, share: 2 },
  { name: 'frames', least: 12, share: 0.2 },
  { name: 'sound', least: SOUND_ROW * rows, share: 3 },
  { name: 'pitch', least: 22, share: 0.6 },
  { name: 'mouth', least: 36, share: 2 },
];

export const leastHeight = (rows: number): number => lanesOf(rows).reduce((sum, { least }) => sum + least + GAP, 0);

/** Lanes from the top down, in `height` pixels or what they need at least. */
export function layOut(height: number, rows: number): LaneLayout {
  const lanes = lanesOf(rows);
  const spare = Math.max(0, height - leastHeight(rows));
  const shares = lanes.reduce((sum, { share }) => sum + share, 0);
  let top = 0;
  const entries = lanes.map(({ name, least, share }) => {
    const lane = { top, height: Math.floor(least + (spare * share) / shares) };
    top += lane.height + GAP;
    return [name, lane] as const;
  });
  return Object.fromEntries(entries) as Record<LaneName, { top: number; height: number }>;
}
