import { doubles, floats, octets, type TensorFile, TensorFileError } from '../../../../shared/binary/index.ts';
import { EXPRESSIONS } from '../../../../shared/face/index.ts';
import type { Bundle } from './bundle.ts';
import { reading } from './tensors.ts';

/** A row of what accents are found in: level, pitch and voicing (`speech/accents.ts`). */
export const HEARD_COLUMNS = 3;

/** The rows of a track that drive a picture: the source's own motion, `T` frames in source order. */
export interface MotionTrack {
  readonly frames: number;
  readonly time: Float64Array; // [T] seconds
  readonly state: Uint8Array; // [T] 0 good, 1 occluded, 2 missing, 3 other, 4 blurred
  readonly expression: Float32Array; // [T,64]
  readonly rotation: Float32Array; // [T,3,3]
  readonly translation: Float32Array; // [T,3] cm
  readonly gaze: Float32Array; // [T,4]
  readonly crop: Float32Array; // [T,3] source pixels
  readonly torso: Float32Array; // [T,2,3]
  readonly torsoPose: Float32Array; // [4,3]
  /**
   * [S,3] at 100 Hz from 0 s on: how what was said there was said (`HEARD_COLUMNS`). Only where the sound is the
   * person's.
   */
  readonly heard?: Float32Array;
}

export function readIdle(bundle: Bundle): MotionTrack {
  return reading('idle.safetensors', bundle, 'likeness.idle', motionTrack);
}

/** The driving rows of `analysis/track.safetensors` or `idle.safetensors`. Raises TensorFileError. */
export function motionTrack(file: TensorFile): MotionTrack {
  const sizes = new Map<string, number>();
  const track = {
    time: doubles(file, 'time', ['T'], sizes),
    state: octets(file, 'state', ['T'], sizes),
    expression: floats(file, 'expression', ['T', EXPRESSIONS], sizes),
    rotation: floats(file, 'rotation', ['T', 3, 3], sizes),
    translation: floats(file, 'translation', ['T', 3], sizes),
    gaze: floats(file, 'gaze', ['T', 4], sizes),
    crop: floats(file, 'crop', ['T', 3], sizes),
    torso: floats(file, 'torso', ['T', 2, 3], sizes),
    torsoPose: floats(file, 'torso_pose', [4, 3]),
  };
  const frames = sizes.get('T')!;
  if (frames === 0) throw new TensorFileError('The track has no frames.');
  if (track.time.some((time, frame) => !(time >= (track.time[frame - 1] ?? -Infinity))))
    throw new TensorFileError('The times of the track do not ascend.');
  return {
    frames,
    ...track,
    ...(file.tensors.has('heard') ? { heard: floats(file, 'heard', ['S', HEARD_COLUMNS], sizes) } : {}),
  };
}
