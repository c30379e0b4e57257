import { StudioError } from '../../../shared/contract/index.ts';
import { READING } from '../../../shared/format/index.ts';
import { requireFile } from '../ground/require-file.ts';
import { ffmpegOutput } from './command.ts';
import type { MediaTools } from './tools.ts';

/** One sound of a file, and how it is heard. */
export interface SoundTrack {
  /** Of its stream in the file. */
  readonly index: number;
  /** Its two channels cancel each other out: one is turned over before they are mixed. */
  readonly opposite: boolean;
  /** Beside a picture the first frame is at 0 (`ProbedVideo.begins`); else the file's first sound is. */
  readonly film?: { readonly picture: number; readonly begins: number } | undefined;
}

/** The only sound of a file that this program wrote. */
export const OWN_WAVE: SoundTrack = { index: 0, opposite: false };

/** 60 dB below full scale: the noise of a quiet recording is above it, a muted track below. */
export const SILENCE = 0.001;

export interface SoundBytesRequest {
  readonly track: SoundTrack;
  /** Input options. */
  readonly before?: readonly string[];
  /** Filters behind those that the track needs. */
  readonly filters?: readonly string[];
  /** Output options. */
  readonly options: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/** What ffmpeg makes of a sound. Raises StudioError('not-found' | 'bad-audio' | 'no-audio' | 'cancelled'). */
export async function* soundBytes(
  tools: MediaTools,
  path: string,
  { track, before = [], filters = [], options, signal }: SoundBytesRequest,
): AsyncGenerator<Buffer, void, undefined> {
  await requireFile(path);
  try {
    yield* ffmpegOutput(tools, {
      inputs: [{ file: path, options: before }],
      options: [
        ...sameClock(track),
        '-map',
        `0:${track.index}`,
        '-vn',
        '-af',
        [...inStep(track), ...filters].join(','),
        ...options,
      ],
      role: 'sound',
      signal,
    });
  } catch (error) {
    if (error instanceof StudioError && /matches no streams/.test(error.detail ?? '')) throw noAudio();
    throw error;
  }
}

/** ffmpeg gives the streams that it reads their clock: in some containers (MPEG-TS) a sound alone begins at 0. */
function sameClock({ film }: SoundTrack): string[] {
  return film ? ['-map', `0:${film.picture}`, '-c', 'copy', '-f', 'null', '-'] : [];
}

/**
 * Filters by which samples that are no numbers, or a thousand times too loud, become silence before others are mixed
 * with them, and what begins late is padded and what begins early is cut: sound and picture share one clock.
 */
export function inStep({ opposite, film }: SoundTrack): string[] {
  return [
    READING.sound,
    ...(film ? [`asetpts=PTS-(${film.begins.toFixed(6)}/TB)`] : []),
    'aresample=async=1:first_pts=0',
    ...(opposite ? ['pan=stereo|c0=c0|c1=-1*c1'] : []),
  ];
}

export function noAudio(): StudioError {
  return new StudioError({
    code: 'no-audio',
    message: 'This file has no sound.',
    hint: 'Choose a file with sound, or record some.',
  });
}
