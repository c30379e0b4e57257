import { LIVE_KINDS } from './live-kinds.ts';

/** Sound on its way to an avatar that listens: a binary message for each piece, as it comes in. */
export interface LiveSound {
  /** How many of the pictures of this sound the window has had so far: it is sent no more than it can show. */
  readonly seen: number;
  readonly samples: Float32Array; // mono, 16 kHz, -1..1
}

/** Hz; what an avatar hears. */
export const LIVE_SOUND_RATE = 16_000;
/** Of one message: a second. */
export const MOST_LIVE_SAMPLES = LIVE_SOUND_RATE;
const HEADER_BYTES = 8; // kind u32, seen u32; then i16 samples, all little-endian
const FULL_SCALE = 0x7fff;

export function encodeLiveSound({ seen, samples }: LiveSound): ArrayBuffer {
  const message = new ArrayBuffer(HEADER_BYTES + samples.length * 2);
  const view = new DataView(message);
  view.setUint32(0, LIVE_KINDS.sound, true);
  view.setUint32(4, seen, true);
  samples.forEach((sample, k) => view.setInt16(HEADER_BYTES + k * 2, toInt16(sample), true));
  return message;
}

/** Raises RangeError for a message that is no sound. */
export function decodeLiveSound(message: Uint8Array): LiveSound {
  const count = (message.byteLength - HEADER_BYTES) / 2;
  if (!Number.isInteger(count) || count < 1 || count > MOST_LIVE_SAMPLES)
    throw new RangeError('A piece of sound lasts a second at most.');
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const samples = Float32Array.from(
    { length: count },
    (_, k) => view.getInt16(HEADER_BYTES + k * 2, true) / FULL_SCALE,
  );
  return { seen: view.getUint32(4, true), samples };
}

/** A sample -1..1 in 16 bits; what is louder is cut off. */
export function toInt16(sample: number): number {
  return Math.round(Math.min(Math.max(sample, -1), 1) * FULL_SCALE);
}
