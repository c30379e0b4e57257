import { z } from 'zod';
import { Shape } from '../domain/film/index.ts';
import { LaneName, LaneRanges } from '../domain/lanes/index.ts';
import { MOST_STYLES, Take } from '../domain/take.ts';
import { StudioErrorShape } from './errors.ts';
import { CAMERA_SIDES, CameraParts } from './live-camera.ts';
import { Checkpoint } from './manifest.ts';
import { HeardWith } from './results.ts';

/** Values of a lane that are asked for at once: more than a screen has columns. */
const MOST_UNKEYED = 2048;

const CameraSide = z.int().min(CAMERA_SIDES.least).max(CAMERA_SIDES.most).multipleOf(2);

/**
 * The live picture's own line, beside the one for messages: small JSON texts both ways, and one binary message a
 * picture.
 * The window asks for each frame; a request that a newer one overtakes is never drawn, so pictures come late or not at
 * all, but never queue.
 */
export const LiveRequest = z.discriminatedUnion('type', [
  /** First on a new line: whose avatar, and how large. Answered with `ready`. */
  z.object({
    type: z.literal('open'),
    projectId: z.string().regex(/^[A-Za-z0-9-]{1,64}$/),
    height: z.int().min(128).max(1080),
  }),
  /** What it says from now on. Answered with `motion` of the same serial, once it is worked out. */
  z.object({ type: z.literal('take'), serial: z.int().min(0), take: Take }),
  /** The picture at `frame` of the take (its time is frame / fps). The answer is binary, with the same serial. */
  z.object({
    type: z.literal('frame'),
    serial: z.int().min(0).max(0xffff_ffff),
    frame: z.int().min(0).max(100_000_000),
  }),
  /**
   * Pictures are from now on as films of portraits are: in a shape around the head, over the video's background, that
   * blurred, or nothing; `own` and `own` is what a line begins with. While somebody looks on from outside they are not.
   * Answered with `look` before the next picture, and again when that changes.
   */
  z.object({ type: z.literal('look'), shape: Shape, behind: z.enum(['own', 'blurred', 'none']) }),
  /**
   * What a lane would be without its keyframes, at every `every`th frame from `first` on, of the take that is
   * performed. Answered with `unkeyed` of the same serial.
   */
  z.object({
    type: z.literal('unkeyed'),
    serial: z.int().min(0),
    lane: LaneName,
    first: z.int().min(0).max(100_000_000),
    every: z.int().min(1).max(10_000),
    count: z.int().min(1).max(MOST_UNKEYED),
  }),
  /**
   * From now on the window sends sound, in binary messages (live-sound.ts), and what is asked for by `frame` waits.
   * Pictures come by themselves, with this serial: each the newest moment that there is sound for, counted on the
   * timeline from `frame` on. Answered with `listening` once the first sound can be heard.
   */
  z.object({
    type: z.literal('listen'),
    serial: z.int().min(0).max(0xffff_ffff),
    frame: z.int().min(0).max(100_000_000),
  }),
  /** The sound is over, and the take's pictures are asked for again. */
  z.object({ type: z.literal('hush') }),
  /**
   * From now on the window sends pictures of a camera, in binary messages (live-camera.ts), and the face in them drives
   * the parts that are on. Each is answered with `driven`, unless a newer one overtakes it. While no sound is heard,
   * pictures come by themselves with this serial, each of the moment of the newest one. Answered with `watching` once
   * the first picture can be looked at.
   */
  z.object({
    type: z.literal('watch'),
    serial: z.int().min(0).max(0xffff_ffff),
    width: CameraSide,
    height: CameraSide,
    parts: CameraParts,
  }),
  /** The person before the camera looks at it with a calm face, for a second from now on. Answered with `calm`. */
  z.object({ type: z.literal('calm') }),
  z.object({ type: z.literal('parts'), parts: CameraParts }),
  /** The camera is off, and the take's pictures are asked for again. */
  z.object({ type: z.literal('unwatch') }),
]);
export type LiveRequest = z.infer<typeof LiveRequest>;
export type LiveLook = Omit<Extract<LiveRequest, { type: 'look' }>, 'type'>;

/**
 * One of a person's styles, and where the video shows it best: at `seconds`, the face within `crop` (x0, y0, size;
 * source pixels).
 */
export const StyleView = z.object({
  seconds: z.number(),
  crop: z.tuple([z.number(), z.number(), z.number().positive()]),
  share: z.number().min(0).max(1),
});
export type StyleView = z.infer<typeof StyleView>;

export const LiveReply = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('ready'),
    width: z.int(),
    height: z.int(),
    fps: z.number(), // of the avatar's source, and so of every take
    graph: z.enum(['std', 'fast', 'closed']),
    engineFps: z.number().nullable(), // what the start-up benchmark saw with this graph
    checkpoint: Checkpoint.nullable(), // of an unfinished training; null: the finished avatar
    varies: z.boolean(), // whether a take may have a temperature with it
    heardWith: HeardWith, // what a take's sounds are heard with; a voice that is coming in, with the embedded encoder
    styles: z.array(StyleView).max(MOST_STYLES), // entry 1 first; empty: this person holds their face alike
    ranges: LaneRanges, // what can be keyed, and how far this person's own frames go
  }),
  z.object({
    type: z.literal('motion'),
    serial: z.int(),
    fps: z.number(),
    frames: z.int(),
    aperture: z.array(z.number()), // [frames] driven opening of the mouth, in the unit of the track's `aperture`
    pitch: z.array(z.number().nullable()), // [frames] Hz; null where unvoiced
  }),
  z.object({
    type: z.literal('unkeyed'),
    serial: z.int(),
    values: z.array(z.number()), // [count] in the lane's unit
  }),
  z.object({ type: z.literal('look'), shown: z.boolean() }), // whether pictures are as was asked for
  z.object({ type: z.literal('listening'), serial: z.int() }),
  z.object({
    type: z.literal('watching'),
    serial: z.int(),
    off: z.partialRecord(LaneName, z.number()), // how far a recorded lane may be off what was driven, in its unit
  }),
  /** A calm moment is over: what is driven is measured from it. The first one begins with the first picture. */
  z.object({ type: z.literal('calm'), serial: z.int() }),
  z.object({
    type: z.literal('driven'),
    serial: z.int(), // of the camera's picture
    at: z.number(), // of the timeline, seconds
    found: z.boolean(), // whether there is a face in the picture
    values: z.partialRecord(LaneName, z.number()), // of driven lanes, in their unit; `blink.once`: one begins
  }),
  /** `serial` of the request that failed; null when the line itself is of no use any more. */
  z.object({ type: z.literal('failed'), serial: z.int().nullable(), error: StudioErrorShape }),
]);
export type LiveReply = z.infer<typeof LiveReply>;

/** One picture of the avatar, and the motion it was drawn from. */
export interface LivePicture {
  readonly serial: number;
  readonly frame: number;
  readonly width: number;
  readonly height: number;
  /** What the engine took for it, milliseconds. */
  readonly drawMs: number;
  /** The part of the source that the picture shows, source pixels: x0, y0, width, height. */
  readonly view: Float32Array; // [4]
  readonly expression: Float32Array; // [64]
  readonly rotation: Float32Array; // [9] head to camera, row-major
  readonly translation: Float32Array; // [3] cm
  readonly rgba: Uint8Array; // [height,width,4], straight; opaque unless it is over nothing
}

// Little-endian: serial u32, frame u32, width u16, height u16, drawMs f32, view 4 f32, expression 64, rotation 9,
// translation 3.
const NUMBERS = 16;
const VECTORS = [4, 64, 9, 3] as const;
export const LIVE_HEADER_BYTES = NUMBERS + 4 * (4 + 64 + 9 + 3);

/**
 * As one message: in `spare`, where it has the length. `rgba` may already lie where the message has it.
 */
export function encodeLivePicture(
  { serial, frame, width, height, drawMs, view, expression, rotation, translation, rgba }: LivePicture,
  spare?: Uint8Array,
): Uint8Array {
  const length = LIVE_HEADER_BYTES + rgba.length;
  const message = spare?.length === length ? spare : new Uint8Array(length);
  const numbers = new DataView(message.buffer, message.byteOffset);
  numbers.setUint32(0, serial, true);
  numbers.setUint32(4, frame, true);
  numbers.setUint16(8, width, true);
  numbers.setUint16(10, height, true);
  numbers.setFloat32(12, drawMs, true);
  let at = NUMBERS;
  for (const vector of [view, expression, rotation, translation]) {
    for (const value of vector) {
      numbers.setFloat32(at, value, true);
      at += 4;
    }
  }
  if (rgba.buffer !== message.buffer) message.set(rgba, LIVE_HEADER_BYTES);
  return message;
}

/** `rgba` is a view into the message. Raises RangeError for a message that is no picture. */
export function decodeLivePicture(message: ArrayBuffer): LivePicture {
  if (message.byteLength < LIVE_HEADER_BYTES) throw new RangeError('A live picture is longer than that.');
  const numbers = new DataView(message);
  const [width, height] = [numbers.getUint16(8, true), numbers.getUint16(10, true)];
  if (message.byteLength !== LIVE_HEADER_BYTES + width * height * 4)
    throw new RangeError('A live picture does not have the size it names.');
  let at = NUMBERS;
  const [view, expression, rotation, translation] = VECTORS.map((length) =>
    Float32Array.from({ length }, () => {
      at += 4;
      return numbers.getFloat32(at - 4, true);
    }),
  ) as [Float32Array, Float32Array, Float32Array, Float32Array];
  return {
    serial: numbers.getUint32(0, true),
    frame: numbers.getUint32(4, true),
    width,
    height,
    drawMs: numbers.getFloat32(12, true),
    view,
    expression,
    rotation,
    translation,
    rgba: new Uint8Array(message, LIVE_HEADER_BYTES),
  };
}
