import { MOST_STYLES } from '../../../../shared/domain/take.ts';
import { EXPRESSIONS } from '../../../../shared/face/index.ts';
import type { MotionTrack, Rig } from '../bundle/index.ts';
import { kMeans, squaredDistance } from '../numbers/k-means.ts';
import { LipGap } from '../speech/index.ts';
import { learnBlinks } from './blinks.ts';
import { Speechless } from './speechless.ts';
import { meanOf, slowed, StyleFeatures, turns, unexplained } from './style-features.ts';

/** One of the ways a person's face is held while they talk. */
export interface StyleEntry {
  /** Row of the track that shows it best. */
  readonly row: number;
  /** Of the good frames, 0..1. */
  readonly share: number;
  /**
   * From how the face is held on average to this, of the expression [64]: neither lips nor lids open or close by it.
   */
  readonly offset: Float32Array;
}

const SEED = 1;
/**
 * cm: two entries that are closer are one, and one that moves the face less than this from the usual is not seen in a
 * picture.
 */
const DISTINCT = 0.05;
const SEEN = 0.07;
/** Seconds of it: less is a moment's mistake of the tracking as easily as a mood. */
const LEAST_SECONDS = 0.5;
/** Good rows that are looked at, evenly: a long video is no other person. */
const MOST_ROWS = 600;

/**
 * The person's own styles, the most frequent first: clusters of their real tracked faces (brows, cheeks, corners of
 * the mouth; slow movement only, without blinks, the opening of the mouth and what the head's rotation explains), as
 * many as can be told apart. Empty when they hold it alike all the time. The same for the same track.
 */
export function learnStyles(rig: Rig, track: MotionTrack): StyleEntry[] {
  const good = Array.from({ length: track.frames }, (_, row) => row).filter((row) => track.state[row] === 0);
  if (good.length < MOST_STYLES) return [];
  const every = Math.ceil(good.length / MOST_ROWS);
  const { open } = learnBlinks(track, rig);
  const own = ownExpressions(rig, track, open, good);
  const held = slowed(track, own, EXPRESSIONS);
  const at = (values: Float32Array | Float64Array, row: number) =>
    new Float64Array(values.subarray(row * EXPRESSIONS, (row + 1) * EXPRESSIONS));
  const looked = good.filter((_, i) => i % every === 0);
  const features = new StyleFeatures(rig);
  const distinct = toldApart(looked.map((row) => features.of(at(held, row))));
  const secondsOfRow = (every * (track.time[track.frames - 1]! - track.time[0]!)) / Math.max(track.frames - 1, 1);
  const speechless = new Speechless(rig);
  const usual = new Float64Array(features.count); // what is explained is out, and with it the mean
  return distinct.flatMap(({ centre, members }) => {
    const offset = speechless.of(meanOf(members.map((i) => at(held, looked[i]!))));
    if (members.length * secondsOfRow < LEAST_SECONDS || squaredDistance(features.of(offset), usual) < SEEN ** 2)
      return [];
    /** As the frame is itself, blinks and quick movement included: what a picture of it shows. */
    const shown = (row: number) =>
      at(own, row).map((value, k) => value + track.expression[row * EXPRESSIONS + k]! - open[row * EXPRESSIONS + k]!);
    const awry = members.map((i) => squaredDistance(features.of(shown(looked[i]!)), centre));
    return [
      {
        row: looked[members[awry.indexOf(Math.min(...awry))]!]!,
        share: members.length / looked.length,
        offset: Float32Array.from(offset),
      },
    ];
  });
}

/** Of the good rows, what is neither the head's rotation nor the mouth's opening, less their mean [T,64]. */
function ownExpressions(rig: Rig, track: MotionTrack, expression: Float32Array, good: readonly number[]): Float32Array {
  const gap = new LipGap(rig);
  const own = new Float32Array(expression.length);
  const rows = good.map((row) => Float64Array.from(expression.subarray(row * EXPRESSIONS, (row + 1) * EXPRESSIONS)));
  const left = unexplained(
    rows,
    good.map((row) => [...turns(track, row), gap.at(expression, row)]),
  );
  for (const [i, row] of good.entries()) own.set(left[i]!, row * EXPRESSIONS);
  return own;
}

interface Group {
  readonly centre: Float64Array;
  readonly members: readonly number[];
}

/** The most clusters of which no two are too close, the largest first; none when two are too many. */
function toldApart(rows: readonly Float64Array[]): Group[] {
  for (let k = MOST_STYLES; k >= 2; k--) {
    const { centres, of } = kMeans(rows, k, SEED);
    if (centres.some((a, i) => centres.slice(0, i).some((b) => squaredDistance(a, b) < DISTINCT ** 2))) continue;
    const groups = centres.map((centre, c) => ({ centre, members: rows.map((_, i) => i).filter((i) => of[i] === c) }));
    return groups.sort((a, b) => b.members.length - a.members.length || a.members[0]! - b.members[0]!);
  }
  return [];
}
