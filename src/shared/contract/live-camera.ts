import { z } from 'zod';
import { type LaneName } from '../domain/lanes/index.ts';
import { LATEST_SECONDS } from '../domain/lanes/lane.ts';
import { LIVE_KINDS } from './live-kinds.ts';

/** What of an avatar the person before a camera drives; each can be left to the take. */
export const CAMERA_PARTS = ['head', 'gaze', 'brows', 'mouth', 'blinks', 'place', 'shoulders'] as const;
export type CameraPart = (typeof CAMERA_PARTS)[number];
export const CameraParts = z.strictObject({
  head: z.boolean(),
  gaze: z.boolean(),
  brows: z.boolean(),
  mouth: z.boolean(),
  blinks: z.boolean(),
  place: z.boolean(),
  shoulders: z.boolean(),
} satisfies Record<CameraPart, z.ZodBoolean>);
export type CameraParts = z.infer<typeof CameraParts>;

/** The lanes that each part becomes. The mouth's come after the brows': each is added to what those before it do. */
export const LANES_OF_PART = {
  head: ['head.yaw', 'head.pitch', 'head.roll'],
  gaze: ['gaze.yaw', 'gaze.pitch'],
  brows: ['face.brows', 'face.frown'],
  mouth: ['face.jaw', 'face.smile', 'face.pucker'],
  blinks: ['blink.once', 'blink.amount'],
  place: ['head.x', 'head.y', 'head.size'],
  shoulders: ['shoulders.x', 'shoulders.y', 'shoulders.roll'],
} as const satisfies Readonly<Record<CameraPart, readonly LaneName[]>>;

/** A picture of a camera on its way to an avatar: a binary message, the newest of which counts. */
export interface LiveCameraPicture {
  readonly serial: number;
  /** When it was taken, on the timeline; seconds. */
  readonly at: number;
  /** Luma [height,width], then both chromas [height/2,width/2], BT.601 of full range. */
  readonly planes: Uint8Array;
}

/** Of a picture's sides, pixels; both are even. */
export const CAMERA_SIDES = { least: 64, most: 640 } as const;
const HEADER_BYTES = 16; // kind u32, serial u32, at f64, all little-endian; then the planes

function planesBytes({ width, height }: { readonly width: number; readonly height: number }): number {
  return (width * height * 3) / 2;
}

/** Room for a picture's message: its planes are to be written into `planes`. */
export function emptyCameraMessage(
  { serial, at }: Pick<LiveCameraPicture, 'serial' | 'at'>,
  size: { readonly width: number; readonly height: number },
): { readonly message: ArrayBuffer; readonly planes: Uint8Array } {
  const message = new ArrayBuffer(HEADER_BYTES + planesBytes(size));
  const view = new DataView(message);
  view.setUint32(0, LIVE_KINDS.camera, true);
  view.setUint32(4, serial, true);
  view.setFloat64(8, at, true);
  return { message, planes: new Uint8Array(message, HEADER_BYTES) };
}

/** `planes` is a view into the message. Raises RangeError for one that is no picture of this size. */
export function decodeCameraPicture(
  message: Uint8Array,
  size: { readonly width: number; readonly height: number },
): LiveCameraPicture {
  if (message.byteLength !== HEADER_BYTES + planesBytes(size))
    throw new RangeError('A picture of the camera does not have the size that was named.');
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const at = view.getFloat64(8, true);
  if (!(at >= 0 && at <= LATEST_SECONDS)) throw new RangeError('A picture of the camera lies beyond the timeline.');
  return { serial: view.getUint32(4, true), at, planes: message.subarray(HEADER_BYTES) };
}
