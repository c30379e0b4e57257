import type { LaneName } from '../../../../shared/domain/lanes/index.ts';

export type FixedLane = 'ruler' | 'film' | 'frames' | 'sound' | 'pitch' | 'mouth';
interface Place {
  readonly top: number;
  readonly height: number;
}
/** A lane of keyframes, and whether its curve is shown. */
export interface KeyedLane {
  readonly name: LaneName;
  readonly open: boolean;
}
export type KeyedPlace = KeyedLane & Place;
export type LaneLayout = Readonly<Record<FixedLane, Place>> & { readonly keyed: readonly KeyedPlace[] };

/** A row of clips in which a name and a waveform can both be seen, CSS pixels. */
const SOUND_ROW = 40;
/** Keyframes can be taken hold of; open, a curve can be seen, its values be dragged, and its buttons lie beside it. */
const KEYED = { closed: 16, open: 58 };
const GAP = 3;

interface Lane {
  readonly name: FixedLane;
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

export const leastHeight = (rows: number, keyed: readonly KeyedLane[] = []): number =>
  lanesOf(rows).reduce((sum, { least }) => sum + least + GAP, keyedHeight(keyed));

const heightOf = ({ open }: KeyedLane): number => (open ? KEYED.open : KEYED.closed);
const keyedHeight = (keyed: readonly KeyedLane[]): number => keyed.reduce((sum, lane) => sum + heightOf(lane) + GAP, 0);

/** Lanes from the top down, in `height` pixels or what they need at least; those of keyframes under the sounds. */
export function layOut(height: number, rows: number, keyed: readonly KeyedLane[] = []): LaneLayout {
  const lanes = lanesOf(rows);
  const spare = Math.max(0, height - leastHeight(rows, keyed));
  const shares = lanes.reduce((sum, { share }) => sum + share, 0);
  let top = 0;
  const next = (tall: number): Place => {
    const place = { top, height: tall };
    top += tall + GAP;
    return place;
  };
  const keyedPlaces: KeyedPlace[] = [];
  const entries = lanes.map(({ name, least, share }) => {
    const place = next(Math.floor(least + (spare * share) / shares));
    if (name === 'sound') keyedPlaces.push(...keyed.map((lane) => ({ ...lane, ...next(heightOf(lane)) })));
    return [name, place] as const;
  });
  return { ...(Object.fromEntries(entries) as Record<FixedLane, Place>), keyed: keyedPlaces };
}
