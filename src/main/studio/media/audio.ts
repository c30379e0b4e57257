import { stat } from 'node:fs/promises';
import { StudioError } from '../../../shared/contract/index.ts';
import { ffmpegOutput } from './command.ts';
import { mediaFailure } from './failure.ts';
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
  readonly signal?: AbortSignal;
}

/** Decodes the first sound track of any file. Raises StudioError('not-found' | 'bad-audio' | 'no-audio' | 'cancelled'). */
export async function readSound(tools: MediaTools, path: string, { rate = 16_000, channels = 1, signal }: SoundRequest = {}): Promise<Sound> {
  const file = await stat(path).catch(() => null);
  if (!file?.isFile()) throw new StudioError({ code: 'not-found', message: `There is no file ${path}.`, hint: 'Check the path.' });
  const stream = ffmpegOutput(tools, {
    inputs: [{ source: path }],
    // A track that starts late is padded, so that sound and picture share one clock.
    options: ['-map', '0:a:0', '-vn', '-af', 'aresample=async=1:first_pts=0', '-ac', String(channels), '-ar', String(rate), '-f', 'f32le'],
    role: 'sound',
    signal,
  });
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of stream) chunks.push(chunk as Buffer);
  } catch (error) {
    if (error instanceof StudioError && /matches no streams/.test(error.detail ?? '')) throw noAudio();
    throw error;
  }
  const bytes = Buffer.concat(chunks);
  const count = Math.floor(bytes.length / 4 / channels) * channels;
  if (count === 0) throw mediaFailure('sound', 'no samples');
  return { rate, channels, samples: new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + count * 4)) };
}

export function soundSeconds({ samples, channels, rate }: Sound): number {
  return samples.length / channels / rate;
}

/** 60 dB below full scale: the noise of a quiet recording is above it, a muted track below. */
const SILENCE = 0.001;

/** Raises StudioError('bad-audio') when nothing in it can be heard. */
export function refuseSilence({ samples }: Sound): void {
  if (samples.every((sample) => Math.abs(sample) < SILENCE)) {
    throw new StudioError({ code: 'bad-audio', message: 'This sound is silent.', hint: 'Choose a recording in which somebody speaks.' });
  }
}

function noAudio(): StudioError {
  return new StudioError({ code: 'no-audio', message: 'This file has no sound.', hint: 'Choose a file with sound, or record some.' });
}
