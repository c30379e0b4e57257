/** The words of an ffmpeg command. The only module that knows fluent-ffmpeg, which describes commands and runs none. */
import { resolve } from 'node:path';
import ffmpeg from 'fluent-ffmpeg';
import { MEDIA_CONTAINERS, MEDIA_PROTOCOLS } from '../../../shared/format/index.ts';

/** Inputs may only be plain files of known containers: a playlist in disguise must not open others, or the network. */
export const PLAIN_FILES = ['-protocol_whitelist', MEDIA_PROTOCOLS, '-format_whitelist', MEDIA_CONTAINERS] as const;

/** One picture of a format that is known by what it begins with; its name does not count. */
export type StillFormat = 'jpeg_pipe' | 'png_pipe' | 'webp_pipe' | 'bmp_pipe' | 'tiff_pipe';
export const plainStill = (format: StillFormat): readonly string[] => [
  '-protocol_whitelist',
  MEDIA_PROTOCOLS,
  '-format_whitelist',
  format,
  '-f',
  format,
];

export interface FfmpegInput {
  /** A file's path; null: raw bytes on standard input, for one input at most. */
  readonly file: string | null;
  /** It is one picture. */
  readonly still?: StillFormat;
  readonly options?: readonly string[];
}

export interface FfmpegCommand {
  readonly inputs: readonly FfmpegInput[];
  /** Output options, filters included. */
  readonly options: readonly string[];
  /** A file's path (written over); null: standard output. */
  readonly target: string | null;
}

/** As fluent-ffmpeg would pass them on; its types leave this out. */
interface Described {
  _getArguments(): string[];
}

export function ffmpegArguments({ inputs, options, target }: FfmpegCommand): readonly string[] {
  const command = ffmpeg();
  // Two or more arguments at a time, so that fluent-ffmpeg leaves a value with a space in it whole.
  for (const { file, still, options: own = [] } of inputs) {
    if (file === null) command.input('pipe:0').inputOptions('-thread_queue_size', '1', ...own);
    else command.input(resolve(file)).inputOptions(...(still ? plainStill(still) : PLAIN_FILES), ...own);
  }
  command.outputOptions('-v', 'error', ...options).output(target === null ? 'pipe:1' : resolve(target));
  return (command as unknown as Described)._getArguments();
}
