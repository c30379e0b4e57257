import {
  doubles,
  floats,
  indices,
  octets,
  parseSafetensors,
  type TensorFile,
  TensorFileError,
} from '../../../../shared/binary/index.ts';
import { HEARD } from '../speech/accents.ts';
import type { Bundle } from './bundle.ts';
import type { HeadTurn } from '../manner/head-turn.ts';
import { badBundle } from './refusal.ts';

export const VERTICES = 468;
export const EXPRESSIONS = 64;
export const CONDITIONS = 36;
export const TRIANGLES = 898;
export const HULL_SIDE = 96;

/** `rig.safetensors`: the person's geometry and the statistics of their motion (docs/formats.md). */
export interface Rig {
  readonly neutral: Float32Array; // [468,3] cm
  readonly expressionBasis: Float32Array; // [64,468,3] cm per unit
  readonly irisNeutral: Float32Array; // [10,3] cm
  readonly triangles: Int32Array; // [898,3]
  readonly mouthTriangles: Int32Array; // [18] rows of `triangles`
  readonly innerLip: Int32Array; // [20] vertices
  readonly uv: Float32Array; // [468,2] 0..1
  readonly ellipsoid: Float32Array; // [2,3] centre, radii, cm
  readonly chinY: number; // cm
  readonly lipCentre: Float32Array; // [3] cm
  readonly hull: Uint8Array; // [96,96]
  readonly conditionMean: Float32Array; // [36]
  readonly conditionScale: Float32Array; // [36]
  readonly expressionLow: Float32Array; // [64]
  readonly expressionHigh: Float32Array; // [64]
  readonly lleBank: Float32Array; // [M,64]
  readonly eyeMask: Float32Array; // [64,64] projector
  readonly focal: number; // source pixels
  readonly principal: Float32Array; // [2] source pixels
  /** Older avatars have none. */
  readonly headTurn?: HeadTurn;
}

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
   * [S,3] at 100 Hz from 0 s on: how what was said there was said (`accents.ts`). Only where the sound is the person's.
   */
  readonly heard?: Float32Array;
}

export function readRig(bundle: Bundle): Rig {
  return reading('rig.safetensors', bundle, 'likeness.rig', (file) => ({
    neutral: floats(file, 'neutral', [VERTICES, 3]),
    expressionBasis: floats(file, 'expression_basis', [EXPRESSIONS, VERTICES, 3]),
    irisNeutral: floats(file, 'iris_neutral', [10, 3]),
    triangles: indices(file, 'triangles', [TRIANGLES, 3], VERTICES),
    mouthTriangles: indices(file, 'mouth_triangles', [18], TRIANGLES),
    innerLip: indices(file, 'inner_lip', [20], VERTICES),
    uv: floats(file, 'uv', [VERTICES, 2]),
    ellipsoid: floats(file, 'ellipsoid', [2, 3]),
    chinY: floats(file, 'chin_y', [1])[0]!,
    lipCentre: floats(file, 'lip_centre', [3]),
    hull: octets(file, 'hull', [HULL_SIDE, HULL_SIDE]),
    conditionMean: floats(file, 'condition_mean', [CONDITIONS]),
    conditionScale: floats(file, 'condition_scale', [CONDITIONS]),
    expressionLow: floats(file, 'expression_low', [EXPRESSIONS]),
    expressionHigh: floats(file, 'expression_high', [EXPRESSIONS]),
    lleBank: floats(file, 'lle_bank', ['M', EXPRESSIONS]),
    eyeMask: floats(file, 'eye_mask', [EXPRESSIONS, EXPRESSIONS]),
    focal: floats(file, 'focal', [1])[0]!,
    principal: floats(file, 'principal', [2]),
    ...(file.tensors.has('turn_slopes') || file.tensors.has('turn_angles')
      ? {
          headTurn: {
            angles: floats(file, 'turn_angles', [3, 3]),
            slopes: floats(file, 'turn_slopes', [7, EXPRESSIONS]),
          },
        }
      : {}),
  }));
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
    ...(file.tensors.has('heard') ? { heard: floats(file, 'heard', ['S', HEARD], sizes) } : {}),
  };
}

/** Reads a tensor file of the bundle; what does not fit is a bad bundle, said with the file's name. */
export function reading<T>(name: string, bundle: Bundle, format: string, read: (file: TensorFile) => T): T {
  try {
    const file = parseSafetensors(bundle.files.get(name)!);
    if (file.metadata.format !== format)
      throw new TensorFileError(`The format is ${file.metadata.format ?? 'not given'}, not ${format}.`);
    for (const [tensor, { values }] of file.tensors) {
      if (values instanceof Float32Array && !values.every(Number.isFinite))
        throw new TensorFileError(`"${tensor}" holds values that are not numbers.`);
    }
    return read(file);
  } catch (cause) {
    if (!(cause instanceof TensorFileError)) throw cause;
    throw badBundle(`The avatar's ${name} does not fit the format.`, cause.message, cause);
  }
}
