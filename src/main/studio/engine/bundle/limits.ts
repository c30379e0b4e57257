import { TensorFileError } from '../../../../shared/binary/index.ts';
import { EXPRESSIONS } from '../../../../shared/face/index.ts';
import type { MotionTrack } from './motion-track.ts';
import type { Rig } from './rig.ts';

/** As many rows as an hour has at 30 a second. */
const MOST_ROWS = 108_000;
const MOST_SECONDS = 86_400;
const HEARD_RATE = 100;
/** What was heard may go on behind the last picture. */
const HEARD_BEYOND_SECONDS = 60;
const STATES = 5;
/** Trainings keep 600; each frame of speech is compared with all of them. */
const MOST_BANK_ROWS = 10_000;
const MOST_FOCAL = 1e6; // source pixels
const LARGEST_FACE = 1e3; // cm; of a coefficient too
/**
 * Wider than anything measured of a face, far below where 32 bits lose count: the largest of real avatars is 5 of an
 * expression, 120 cm from the camera, half a radian of gaze.
 */
const LARGEST = { expression: 1e3, rotation: 1.01, translation: 1e4, gaze: 100, torso: 1e5, torsoPose: 1e4 } as const;
/** 256ths of the chart; the trainer's go to 12. */
const FARTHEST_SWAY = 64;
/** A crop's place and side, in sides of the source: a face that fills the picture has a crop a little larger. */
const CROP_REACH = 4;

/** What is measured in the source's pixels is judged by its size. */
export interface SourceSize {
  readonly width: number;
  readonly height: number;
}

/** A crop is a square that lies about the source. Raises TensorFileError. */
export function checkCrops(crops: Float32Array, { width, height }: SourceSize): void {
  const reach = CROP_REACH * Math.max(width, height);
  for (let at = 0; at < crops.length; at += 3) {
    const [x, y, size] = [crops[at]!, crops[at + 1]!, crops[at + 2]!];
    if (!(Math.abs(x) <= reach && Math.abs(y) <= reach && size >= 1 && size <= reach))
      throw new TensorFileError(`"crop" has a square at ${x}, ${y} of ${size} pixels in ${width}x${height}.`);
  }
}

/** Every value within -limit..limit. Raises TensorFileError. */
function checkWithin(name: string, values: Float32Array, limit: number): void {
  const strange = values.find((value) => !(Math.abs(value) <= limit));
  if (strange !== undefined) throw new TensorFileError(`"${name}" holds ${strange}, which is beyond ${limit}.`);
}

/** Motion that a person can have made in front of a camera, in bounds that its work is bounded by. */
export function checkMotion(track: MotionTrack, source: SourceSize): void {
  if (track.frames > MOST_ROWS) throw new TensorFileError(`The track has ${track.frames} frames.`);
  const [first, last] = [track.time[0]!, track.time[track.frames - 1]!];
  if (!(Math.abs(first) <= MOST_SECONDS && last - first <= MOST_SECONDS))
    throw new TensorFileError(`The track goes from ${first} to ${last} s.`);
  if (track.state.some((state) => state >= STATES))
    throw new TensorFileError('"state" holds a state that there is not.');
  for (const [name, limit] of Object.entries(LARGEST)) checkWithin(name, track[name as keyof typeof LARGEST], limit);
  checkCrops(track.crop, source);
  if (track.heard && track.heard.length / 3 > (last + HEARD_BEYOND_SECONDS) * HEARD_RATE)
    throw new TensorFileError('"heard" is longer than the track.');
  if (track.heard) checkWithin('heard', track.heard, LARGEST.gaze);
  if (track.sway) checkWithin('sway', track.sway, FARTHEST_SWAY);
}

/** A head of some size before a camera that sees something. */
export function checkRig(rig: Rig): void {
  if (!(rig.focal >= 1 && rig.focal <= MOST_FOCAL)) throw new TensorFileError(`"focal" is ${rig.focal}.`);
  if (!rig.ellipsoid.subarray(3).every((radius) => radius > 0)) throw new TensorFileError('"ellipsoid" has no size.');
  const bank = rig.lleBank.length / EXPRESSIONS;
  if (bank < 1 || bank > MOST_BANK_ROWS) throw new TensorFileError(`"lle_bank" has ${bank} rows.`);
  if (rig.expressionLow.some((low, k) => low > rig.expressionHigh[k]!))
    throw new TensorFileError('"expression_low" lies above "expression_high".');
  for (const [name, values] of Object.entries(rig))
    if (values instanceof Float32Array) checkWithin(name, values, name === 'principal' ? MOST_FOCAL : LARGEST_FACE);
}
