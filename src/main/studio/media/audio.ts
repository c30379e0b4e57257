import { StudioError } from '../../../shared/contract/index.ts';
import { mediaFailure } from './failure.ts';
import { SILENCE, soundBytes, type SoundTrack } from './sound-bytes.ts';
import { soundTrack } from './sound-track.ts';
import type { MediaTools } from './tools.ts';

/** Decoded sound. `samples` are interleaved, -1..1; sample k of a channel is at k/rate seconds of the file's clock. */
export interface Sound {
  readonly rate: number;
  readonly channels: number;
  readonly samples: Float32Array;
}

export interface SoundRequest {
  /** Hz; 16000 by default, what the speech model hears. */
  readonly rate?: number;
  /** 1 by default; more channels than that are mixed down. */
  readonly channels?: number;
  /** Only this part of it, seconds; all of it by default. What lies behind its end is left out. */
  readonly part?: { readonly start: number; readonly seconds: number };
  /** Which of the file's sounds; chosen by default. */
  readonly track?: SoundTrack | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Decodes a sound of any file. Raises StudioError('not-found' | 'bad-audio' | 'no-audio' | 'cancelled').
 */
export async function readSound(tools: MediaTools, path: string, request: SoundRequest = {}): Promise<Sound> {
  const { rate = 16_000, channels = 1 } = request;
  const blocks: Float32Array[] = [];
  for await (const block of soundBlocks(tools, path, request)) blocks.push(block);
  const samples = new Float32Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const block of blocks) {
    samples.set(block, at);
    at += block.length;
  }
  if (samples.length === 0) throw mediaFailure('sound', 'no samples');
  return { rate, channels, samples };
}

/**
 * As `readSound`, piece by piece: interleaved samples, whole sample frames. Leaving the loop early stops the decoder.
 */
export async function* soundBlocks(
  tools: MediaTools,
  path: string,
  { rate = 16_000, channels = 1, part, track, signal }: SoundRequest = {},
): AsyncGenerator<Float32Array, void, undefined> {
  const cut = part ? ['-ss', part.start.toFixed(6), '-t', part.seconds.toFixed(6)] : [];
  const options = ['-ac', String(channels), '-ar', String(rate), '-f', 'f32le'];
  const frameBytes = 4 * channels;
  const heard = { track: track ?? (await soundTrack(tools, path, signal)), before: cut, options, signal };
  for await (const bytes of wholePieces(soundBytes(tools, path, heard), frameBytes)) {
    yield new Float32Array(bytes.buffer, 0, bytes.length / 4);
  }
}

/** Copies of the bytes in multiples of `unit`, each in a buffer of its own; a rest at the end is left out. */
async function* wholePieces(
  stream: AsyncIterable<Buffer>,
  unit: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  let rest = new Uint8Array(0);
  for await (const chunk of stream) {
    const bytes = new Uint8Array(rest.length + chunk.length);
    bytes.set(rest);
    bytes.set(chunk, rest.length);
    const whole = bytes.length - (bytes.length % unit);
    rest = bytes.slice(whole);
    if (whole > 0) yield bytes.slice(0, whole);
  }
}

export function soundSeconds({ samples, channels, rate }: Sound): number {
  return samples.length / channels / rate;
}

/** Raises StudioError('bad-audio') when nothing in it can be heard. */
export function refuseSilence({ samples }: Pick<Sound, 'samples'>): void {
  if (samples.every((sample) => Math.abs(sample) < SILENCE)) throw silent();
}

export function silent(): StudioError {
  return new StudioError({
    code: 'bad-audio',
    message: 'This sound is silent.',
    hint: 'Choose a recording in which somebody speaks.',
  });
}
