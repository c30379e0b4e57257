import type { TensorFile } from '../../../../shared/binary/index.ts';
import { EXPRESSIONS } from '../../../../shared/face/index.ts';
import { readTable } from '../../../../shared/format/tensor-table.ts';
import { controlOf, motionTrack } from '../bundle/index.ts';
import { blinkHabits } from '../manner/index.ts';
import type { Direction, HeadAngles } from './angles.ts';
import { extentOf, heldExtentOf, type Movement } from './extent.ts';
import { FURTHEST, OwnGaze } from './gaze.ts';
import { OwnPose } from './head.ts';
import { FACE_MEASURES, type FaceMeasure, Measure } from './measures.ts';
import { ownRows } from './own-rows.ts';
import { leftOf } from './regression.ts';
import type { Whereabouts } from './whereabouts.ts';

/** What somebody does in a video, in terms that hold for any person. Times are from its first picture on. */
export interface FilmedPerson {
  /** From the first to the last moment at which they are seen well. */
  readonly from: number;
  readonly to: number;
  /** Degrees. */
  readonly head: Readonly<Record<keyof HeadAngles, Movement>>;
  /** Where they are, at the times of `head`. */
  readonly whereabouts: readonly Whereabouts[];
  /**
   * Where they look, degrees; 0 at the camera. Not while they blink, as a lid takes the iris along, nor where the
   * tracking says what no eye does.
   */
  readonly gaze: Readonly<Record<keyof Direction, Movement>>;
  /** cm, without what goes with a turned head. */
  readonly face: Readonly<Record<FaceMeasure, Movement>>;
  /** When their blinks begin. */
  readonly blinks: readonly number[];
}

/** Of `analysis/track.safetensors`. Raises TensorFileError. */
export function filmedPerson(file: TensorFile): FilmedPerson {
  const track = motionTrack('track', file);
  const table = readTable('track', file);
  const face = {
    neutral: table.floats('neutral'),
    expressionBasis: table.floats('expression_basis'),
    irisNeutral: table.floats('iris_neutral'),
    eyeMask: new Float32Array(EXPRESSIONS ** 2), // a track does not say what of an expression is the lids'
  };
  const known = ownRows(face, track, { most: Infinity });
  const { rows, angles, held, open } = known;
  const begins = track.time[0]!;
  const times = rows.map((row) => track.time[row]! - begins);
  const moved = (values: Float64Array, at = times): Movement => ({ times: at, values, ...extentOf(values) });
  const angle = (axis: keyof HeadAngles) => moved(Float64Array.from(angles, (one) => one[axis]));

  const principal = table.floats('principal');
  const source = { width: 2 * principal[0]!, height: 2 * principal[1]! };
  const pose = new OwnPose({ focal: table.floats('focal')[0]!, principal }, known, source);
  const whereabouts = rows.map((row) => pose.whereabouts(controlOf(track, row)));

  const blinks = blinkHabits(track, face);
  const onsets = blinks.onsets.map((onset) => onset - begins);
  const eyes = new OwnGaze(face, known);
  const looking = rows
    .map((row, n) => ({ control: controlOf(track, row), time: times[n]! }))
    .filter(({ time }) => !onsets.some((onset) => time >= onset && time <= onset + blinks.seconds))
    .filter(({ control: { gaze } }) => Object.values(eyes.inHead(gaze)).every((angle) => Math.abs(angle) < FURTHEST));
  const seen = looking.map(({ control, time }) => ({ ...eyes.of(control), time }));
  const look = (axis: keyof Direction) =>
    moved(
      Float64Array.from(seen, (one) => one[axis]),
      seen.map(({ time }) => time),
    );

  const does = (name: FaceMeasure): Movement => {
    const measure = new Measure(face, name);
    const values = leftOf(
      Float64Array.from(rows, (row) => measure.at(open, row)),
      held,
    );
    return { times, values, ...heldExtentOf(values, times) };
  };
  return {
    from: times[0]!,
    to: times.at(-1)!,
    head: { yaw: angle('yaw'), pitch: angle('pitch'), roll: angle('roll') },
    whereabouts,
    gaze: { yaw: look('yaw'), pitch: look('pitch') },
    face: Object.fromEntries(FACE_MEASURES.map((name) => [name, does(name)])) as unknown as FilmedPerson['face'],
    blinks: onsets,
  };
}
