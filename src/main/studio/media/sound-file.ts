import { rm } from 'node:fs/promises';
import { partialBeside, settle } from '../ground/settle.ts';
import { feedFfmpeg } from './command.ts';
import { codingOf } from './encoders.ts';
import type { Quality } from '../../../shared/domain/film/index.ts';
import { marksInWords } from './marks.ts';
import { inStep, type SoundTrack } from './sound-bytes.ts';
import type { MediaTools } from './tools.ts';

/** Exactly `seconds` of a sound of any file, from `start` on, padded with silence if it is shorter. */
export interface SoundPart {
  readonly path: string;
  readonly track: SoundTrack;
  readonly start?: number;
  readonly seconds: number;
}

export interface SoundFileOptions {
  /** A file already there is replaced only once the new one is whole. */
  readonly path: string;
  readonly format: 'wav' | 'm4a';
  readonly quality?: Quality;
  readonly sound: SoundPart;
  readonly metadata: Readonly<Record<string, string>>;
  /** Does the last thing to the whole file before it gets its name. */
  readonly seal?: ((partial: string) => Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Writes a sound as a file of its own. Raises StudioError as `openVideoSink` does. */
export async function writeSoundFile(tools: MediaTools, options: SoundFileOptions): Promise<void> {
  const { path, format, sound, metadata, quality = 'good', seal, signal } = options;
  const partial = partialBeside(path);
  const coding = codingOf({ format, quality, pixelFormat: 'rgb24', width: 0, height: 0, alpha: false });
  // WAV has a place for a title and a comment alone
  const tags = format === 'wav' ? { title: metadata['title'] ?? '', comment: marksInWords(metadata) } : metadata;
  try {
    const mapped = ['-map', `0:${sound.track.index}`, '-vn', '-af', soundFilter(sound), '-ar', '48000'];
    await feedFfmpeg(tools, {
      inputs: [{ file: sound.path }],
      options: [...mapped, ...coding.sound, ...taggedWith(tags), ...coding.file],
      target: partial,
      role: 'output',
      signal,
    }).ended;
    await seal?.(partial);
    await settle(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

export function soundFilter({ track, start = 0, seconds }: SoundPart): string {
  const length = seconds.toFixed(6);
  return [
    ...inStep(track),
    `atrim=start=${start.toFixed(6)}`,
    'asetpts=PTS-STARTPTS',
    `apad=whole_dur=${length}`,
    `atrim=duration=${length}`,
  ].join(',');
}

/** The source's own tags stay out: what is exported says only what the caller says. */
export function taggedWith(metadata: Readonly<Record<string, string>>): string[] {
  return [
    '-map_metadata',
    '-1',
    '-map_chapters',
    '-1',
    ...Object.entries(metadata).flatMap(([key, value]) => ['-metadata', `${key}=${value}`]),
  ];
}
