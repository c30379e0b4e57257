/** Somebody else in a video, whose every movement is known, as an analysis writes it down. */
import { writeSafetensors } from '../../../../shared/binary/index.ts';
import { EXPRESSIONS } from '../../../../shared/face/index.ts';
import { TENSOR_TABLES } from '../../../../shared/format/tensor-table.ts';
import type { MotionTrack, Rig } from '../bundle/index.ts';
import { headAngles, type HeadAngles, headRotation } from './angles.ts';
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

/** Where somebody goes meanwhile, in a video in which they do not only turn their head. */
export interface Going {
  /** Their head from where it usually is, cm; how much larger it is seen. */
  readonly place: { readonly x: number; readonly y: number; readonly size: number };
  /** Their shoulders from where they usually are in the picture, cm; degrees clockwise. */
  readonly shoulders: { readonly x: number; readonly y: number; readonly roll: number };
}
const STAYING: Going = { place: { x: 0, y: 0, size: 1 }, shoulders: { x: 0, y: 0, roll: 0 } };

/** Somebody who leans to the side and forward, and lifts one shoulder. */
export const theyGo = (seconds: number): Going => ({
  place: { x: 3 * wave(2, seconds), y: 1.5 * wave(3, seconds), size: 1 + 0.1 * wave(1, seconds) },
  shoulders: { x: 2 * wave(2, seconds), y: wave(5, seconds), roll: 3 * wave(4, seconds) },
});

export function translationOf({ x, y, size }: Going['place']): Float32Array {
  return Float32Array.of(PLACE[0] + x, PLACE[1] + y, PLACE[2] / size);
}

/** About the point between the shoulders, 20 cm below the head. */
export function torsoOf({ x, y, roll }: Going['shoulders'], { focal, principal }: Rig = knownRig()): Float32Array {
  const pixels = focal / -PLACE[2];
  const [px, py] = [principal[0]! + PLACE[0] * pixels, principal[1]! - (PLACE[1] - 20) * pixels];
  const [sin, cos] = [Math.sin((roll * Math.PI) / 180), Math.cos((roll * Math.PI) / 180)];
  const [right, down] = [px + x * pixels, py - y * pixels];
  return Float32Array.of(cos, -sin, right - cos * px + sin * py, sin, cos, down - sin * px - cos * py);
}

/** A track of somebody who goes further than that in every way, their head held alike. */
export function movingAbout(track: MotionTrack): MotionTrack {
  const [translation, rotation, torso] = [track.translation.slice(), track.rotation.slice(), track.torso.slice()];
  for (let row = 0; row < track.frames; row++) {
    const part = (speed: number): number => Math.sin(row / speed);
    const place = { x: 5 * part(17), y: 4 * part(23), size: 1 + 0.25 * part(31) };
    const held = headAngles({ rotation: track.rotation.subarray(row * 9, row * 9 + 9), translation: PLACE_OF });
    const at = translationOf(place);
    translation.set(at, row * 3);
    rotation.set(headRotation(held, at), row * 9);
    torso.set(torsoOf({ x: 6 * part(13), y: 6 * part(29), roll: 6 * part(37) }), row * 6);
  }
  return { ...track, translation, rotation, torso };
}
const PLACE_OF = Float32Array.from(PLACE);

export function filmedTrack(going: (seconds: number) => Going = () => STAYING): MotionTrack {
  const rig = knownRig();
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
    rotation: rows(9, (seconds) => headRotation(theirHead(seconds), translationOf(going(seconds).place))),
    translation: rows(3, (seconds) => translationOf(going(seconds).place)),
    gaze: rows(4, (seconds) => (shut(seconds) ? [0, -0.3, 0, -0.3] : [0.02, 0, 0.02, 0])),
    crop: rows(3, () => [20, 10, 100]),
    torso: rows(6, (seconds) => torsoOf(going(seconds).shoulders, rig)),
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
      focal: { shape: [1], values: Float32Array.of(rig.focal) },
      principal: { shape: [2], values: Float32Array.from(rig.principal) },
      neutral: { shape: [468, 3], values: rig.neutral },
      expression_basis: { shape: [EXPRESSIONS, 468, 3], values: rig.expressionBasis },
      iris_neutral: { shape: [10, 3], values: rig.irisNeutral },
    },
    { format, version },
  );
}
