import type { Camera, Face } from '../../../../shared/face/index.ts';
import { GEOMETRY } from '../../../../shared/format/index.ts';

/** What the renderer is conditioned on: the first coefficients of the expression, and the gaze. */
export const CONDITIONS = GEOMETRY.conditions;
/** Side of the visual hull, cells. */
export const HULL_SIDE = GEOMETRY.hullSide;

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
