/** Somebody else in a video, whose every movement is known, as an analysis writes it down. */
import { writeSafetensors } from '../../../../shared/binary/index.ts';
import { EXPRESSIONS } from '../../../../shared/face/index.ts';
import { TENSOR_TABLES } from '../../../../shared/format/tensor-table.ts';
import type { MotionTrack, Rig } from '../bundle/index.ts';
import { type HeadAngles, headRotation } from './angles.ts';
import { FPS, JAW, knownRig, knownTrack, LIDS, PLACE, SMILE } from './person.fixture.ts';

export const FILMED_SECONDS = 8;
/** Frames that a blink has shut eyes in, from its first on. */
export const BLINKS = [1, 4.4, 6] as const;
const FRAMES = FILMED_SECONDS * FPS;
/** Where they look as a rule, and hold their head, degrees. */
export const USUAL = { yaw: 6, pitch: -4, roll: 0 } as const;
/** How far they go to either side: further than the known person in yaw, not as far in pitch. */
export const REACH = { yaw: 40, pitch: 3, roll: 2 } as const;

/** So many times to and fro in the whole video. */
const wave = (times: number, seconds: number): number => Math.sin((2 * Math.PI * times * seconds) / FILMED_SECONDS);
/** At a moment of their video, seconds. */
export function theirHead(seconds: number): HeadAngles {
  return {
    yaw: USUAL.yaw + REACH.yaw * wave(3, seconds),
    pitch: USUAL.pitch + REACH.pitch * wave(4, seconds),
    roll: USUAL.roll + REACH.roll * wave(7, seconds),
  };
}
/** cm by which the corners of their mouth go up, and their lips part. */
export const theirSmile = (seconds: number): number => 0.2 * wave(2, seconds);
export const theirJaw = (seconds: number): number => 0.5 + 0.4 * wave(11, seconds);

export function filmedTrack(): MotionTrack {
  const rows = (width: number, of: (seconds: number) => ArrayLike<number>): Float32Array => {
    const values = new Float32Array(FRAMES * width);
    for (let frame = 0; frame < FRAMES; frame++) values.set(Array.from(of(frame / FPS)), frame * width);
    return values;
  };
  const shut = (seconds: number): boolean => BLINKS.some((at) => seconds >= at && seconds < at + 0.16);
  return {
    ...knownTrack(),
    frames: FRAMES,
    time: Float64Array.from({ length: FRAMES }, (_, frame) => 10 + frame / FPS), // a file's clock may begin anywhere
    state: new Uint8Array(FRAMES),
    expression: rows(EXPRESSIONS, (seconds) => {
      const row = new Float32Array(EXPRESSIONS);
      row[SMILE] = theirSmile(seconds);
      row[JAW] = theirJaw(seconds);
      row[LIDS] = shut(seconds) ? 0.9 : 0;
      return row;
    }),
    rotation: rows(9, (seconds) => headRotation(theirHead(seconds), Float32Array.from(PLACE))),
    translation: rows(3, () => PLACE),
    gaze: rows(4, (seconds) => (shut(seconds) ? [0, -0.3, 0, -0.3] : [0.02, 0, 0.02, 0])),
    crop: rows(3, () => [20, 10, 100]),
    torso: rows(6, () => [1, 0, 0, 0, 1, 0]),
  };
}

/** `track.safetensors`, as far as it is read to be driven by. */
export function filmedFile(track: MotionTrack = filmedTrack(), rig: Rig = knownRig()): Uint8Array<ArrayBuffer> {
  const { format, version } = TENSOR_TABLES.track;
  const T = track.frames;
  return writeSafetensors(
    {
      time: { shape: [T], values: track.time },
      state: { shape: [T], values: track.state },
      expression: { shape: [T, EXPRESSIONS], values: track.expression },
      rotation: { shape: [T, 3, 3], values: track.rotation },
      translation: { shape: [T, 3], values: track.translation },
      gaze: { shape: [T, 4], values: track.gaze },
      crop: { shape: [T, 3], values: track.crop },
      torso: { shape: [T, 2, 3], values: track.torso },
      torso_pose: { shape: [4, 3], values: track.torsoPose },
      neutral: { shape: [468, 3], values: rig.neutral },
      expression_basis: { shape: [EXPRESSIONS, 468, 3], values: rig.expressionBasis },
      iris_neutral: { shape: [10, 3], values: rig.irisNeutral },
    },
    { format, version },
  );
}
