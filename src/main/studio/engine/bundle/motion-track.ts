import { type TensorFile, TensorFileError } from '../../../../shared/binary/index.ts';
import { readTable, TENSOR_TABLES } from '../../../../shared/format/tensor-table.ts';

/** A row of what accents are found in: level, pitch and voicing (`speech/accents.ts`). */
export const HEARD_COLUMNS = 3;

/** Places along each side of the chart that a frame's sway says offsets of. */
export const SWAY_KNOTS = TENSOR_TABLES.idle.tensors['sway']!.shape[1] as number;

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
  /**
   * [T,8,8,2] 256ths of the chart: what hair and clothes do in each frame beside what its control foretells. Only of an
   * avatar, and not of older ones.
   */
  readonly sway?: Float32Array;
}

/** The driving rows of `analysis/track.safetensors` or `idle.safetensors`. Raises TensorFileError. */
export function motionTrack(table: 'track' | 'idle', file: TensorFile): MotionTrack {
  const rows = readTable(table, file);
  const track = {
    time: rows.doubles('time'),
    state: rows.octets('state'),
    expression: rows.floats('expression'),
    rotation: rows.floats('rotation'),
    translation: rows.floats('translation'),
    gaze: rows.floats('gaze'),
    crop: rows.floats('crop'),
    torso: rows.floats('torso'),
    torsoPose: rows.floats('torso_pose'),
  };
  const frames = rows.size('T');
  if (frames === 0) throw new TensorFileError('The track has no frames.');
  if (track.time.some((time, frame) => !(time >= (track.time[frame - 1] ?? -Infinity))))
    throw new TensorFileError('The times of the track do not ascend.');
  return { frames, ...track };
}
