import { EXPRESSIONS, type HeadPose } from '../../../../shared/face/index.ts';
import { type MotionTrack, SWAY_KNOTS } from './motion-track.ts';

/** Numbers of a frame's sway. */
export const SWAY_VALUES = SWAY_KNOTS * SWAY_KNOTS * 2;

/** A light on the person beside the one that they were filmed in; 0 of intensity and warmth changes nothing. */
export interface Light {
  /** Where it stands as seen from the person: degrees to the picture's right, and up. 0 is the camera. */
  readonly yaw: number;
  readonly pitch: number;
  readonly intensity: number; // 0..1
  /** Of all light on them: -1 is blue, 1 as of a candle. */
  readonly warmth: number;
}

/** One frame's motion: what a take sets, and what the tracker measured (docs/formats.md). */
export interface Control extends HeadPose {
  readonly expression: Float32Array; // [64]
  readonly gaze: Float32Array; // [4]
  /** What the eyes do in the pictures that are mixed, where `gaze` is keyed: from there they are turned. */
  readonly filmedGaze?: Float32Array; // [4]
  readonly crop: Float32Array; // [3] x0, y0, size in source pixels
  readonly torso: Float32Array; // [6] reference frame to this frame, source pixels
  /** Only the closed form heeds it. */
  readonly light?: Light;
  /** [8,8,2] of a filmed frame: what hair and clothes do in it that the rest does not say. */
  readonly sway?: Float32Array;
}

/** The tracked motion of one frame; the arrays are views into the track. */
export function controlOf(track: MotionTrack, frame: number): Control {
  const row = (values: Float32Array, width: number) => values.subarray(frame * width, (frame + 1) * width);
  return {
    expression: row(track.expression, EXPRESSIONS),
    gaze: row(track.gaze, 4),
    rotation: row(track.rotation, 9),
    translation: row(track.translation, 3),
    crop: row(track.crop, 3),
    torso: row(track.torso, 6),
    ...(track.sway ? { sway: row(track.sway, SWAY_VALUES) } : {}),
  };
}
