import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { stretchOf, type Take } from '../../../shared/domain/take.ts';
import type { MediaTools } from '../media/index.ts';
import { mixTake, type SoundLookup, writeMix } from '../takes/index.ts';
import type { ExportRequest } from './index.ts';

/** Hz; what video files carry. */
const MIX_RATE = 48_000;
/** What the speech networks hear around a moment, and more; so that a part is said as it is in the whole. */
const CONTEXT_SECONDS = 1;
/** Hz; what speech networks hear. */
const SPEECH_RATE = 16_000;

/** What the exporter is told of a take. */
export type TakeToExport = Required<
  Pick<ExportRequest, 'audioPath' | 'part' | 'motion' | 'whole' | 'speech' | 'sounds'>
>;

export interface TakeMixing {
  readonly tools: MediaTools;
  readonly sounds: SoundLookup;
  readonly fps: number;
  /** Where the mix may lie meanwhile. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/**
 * Mixes a take from its in to its out point in whole frames, and a little around it, for as long as `write` needs the
 * file.
 */
export async function withTakeMixed<T>(
  take: Take,
  { tools, sounds, fps, folder, signal }: TakeMixing,
  write: (take: TakeToExport) => Promise<T>,
): Promise<T> {
  const { first, frames } = stretchOf(take, fps);
  const end = first + frames;
  const around = Math.ceil(CONTEXT_SECONDS * fps);
  const before = Math.min(first, around);
  const heard = take.clips
    .filter(({ at, seconds }) => at < end / fps && at + seconds > first / fps)
    .map(({ sound }) => sound);
  const audioPath = join(folder, 'take.wav');
  await mkdir(folder, { recursive: true });
  try {
    await writeMix(
      tools,
      sounds,
      take,
      { rate: MIX_RATE, channels: 2, from: (first - before) / fps, to: (end + around) / fps, signal },
      audioPath,
    );
    const whole = async () => (await mixTake(tools, sounds, take, { rate: SPEECH_RATE, channels: 1, signal })).samples;
    return await write({
      audioPath,
      sounds: [...new Set(heard)],
      part: { start: before / fps, seconds: frames / fps },
      motion: { first, pose: take.pose },
      whole,
      speech: take.speech,
    });
  } finally {
    await rm(audioPath, { force: true });
  }
}
