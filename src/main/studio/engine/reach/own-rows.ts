import type { MotionTrack, Rig } from '../bundle/index.ts';
import { blinkHabits } from '../manner/index.ts';
import { headAngles, type HeadAngles } from './angles.ts';

/** As many are learnt from, evenly: a long video is no other person. */
const MOST_ROWS = 3000;

/** Quantiles of a person's own frames between which their range lies. */
export const OWN_RANGE = { from: 0.02, to: 0.98 } as const;

/** What is learnt from: good rows of a person's own track. */
export interface OwnRows {
  readonly track: MotionTrack;
  readonly rows: readonly number[];
  /** Expressions of all rows with blinks taken out [T,64]. */
  readonly open: Float32Array;
  readonly angles: readonly HeadAngles[];
  /** Of each row: yaw, pitch, roll and their squares. What goes with these is how a turned head is tracked. */
  readonly held: readonly Float64Array[];
}

/** `most`: how many rows at most; `heldOut`: how many at the end are left out, as no picture is made of them. */
export function ownRows(
  rig: Pick<Rig, 'neutral' | 'expressionBasis' | 'eyeMask'>,
  track: MotionTrack,
  { most = MOST_ROWS, heldOut = 0 }: { readonly most?: number; readonly heldOut?: number | undefined } = {},
): OwnRows {
  const good = Array.from({ length: track.frames }, (_, row) => row).filter((row) => track.state[row] === 0);
  const known = good.length > heldOut ? good.slice(0, good.length - heldOut) : [good[0] ?? 0];
  const every = Math.max(1, Math.ceil(known.length / most));
  const rows = known.filter((_, n) => n % every === 0);
  const angles = rows.map((row) =>
    headAngles({
      rotation: track.rotation.subarray(row * 9, row * 9 + 9),
      translation: track.translation.subarray(row * 3, row * 3 + 3),
    }),
  );
  const plain = (['yaw', 'pitch', 'roll'] as const).map((axis) => Float64Array.from(angles, (angle) => angle[axis]));
  const { open } = blinkHabits(track, rig);
  return { track, rows, open, angles, held: [...plain, ...plain.map((column) => column.map((x) => x * x))] };
}
