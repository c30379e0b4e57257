import { floats, indices, octets } from '../../../../shared/binary/index.ts';
import { type Camera, EXPRESSIONS, type Face, TRIANGLES, VERTICES } from '../../../../shared/face/index.ts';
import type { Bundle } from './bundle.ts';
import { reading } from './tensors.ts';

/** What the renderer is conditioned on: the first coefficients of the expression, and the gaze. */
export const CONDITIONS = 36;
/** Side of the visual hull, cells. */
export const HULL_SIDE = 96;

/**
 * What the head's rotation adds to what is spoken. Tracked expressions hold a little of it, speech is fitted without
 * it, and pictures were learnt with it; so it comes back with the rotation (the trainer's `motion/head_turn.py`).
 */
export interface HeadTurn {
  readonly angles: Float32Array; // [3,3] lowest, mean and highest rotation vector of the training frames, radians
  readonly slopes: Float32Array; // [7,64] of 1, the angles less their mean, and the squares of these
}

/** `rig.safetensors`: the person's geometry and the statistics of their motion (docs/formats.md). */
export interface Rig extends Face, Camera {
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
  readonly principal: Float32Array; // [2] source pixels
  /** Older avatars have none. */
  readonly headTurn?: HeadTurn;
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
