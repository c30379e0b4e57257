import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { heededLanes, type LaneName, type Lanes, lanesIn, lanesOfDub } from '../../../shared/domain/lanes/index.ts';
import { heardClips } from '../../../shared/domain/loudness.ts';
import {
  frameCount,
  PLAIN_SPEECH,
  type PoseSource,
  type Speech,
  stretchOf,
  type Take,
} from '../../../shared/domain/take.ts';
import {
  type MediaTools,
  OWN_WAVE,
  readSound,
  refuseSilence,
  type Sound,
  soundSeconds,
  soundTrack,
  type SoundTrack,
} from '../media/index.ts';
import { type HeardSound, isVaried, wholeSound, writeMix } from '../takes/index.ts';
import type { ExportRequest, ExportSound } from './request.ts';

/** Hz; what video files carry. */
const MIX_RATE = 48_000;
/** What the speech networks hear around a moment, and more; so that a part is said as it is in the whole. */
const CONTEXT_SECONDS = 1;

/** The sound of one export: what is written beside the pictures, what is heard, and on which frames it lies. */
export interface PreparedSound {
  /** A file, which of its sounds, and the part of it that is written, seconds. */
  readonly path: string;
  readonly track: SoundTrack;
  readonly start: number;
  readonly seconds: number;
  readonly heard: HeardSound;
  /** Of the timeline. */
  readonly first: number;
  readonly frames: number;
  /** Ids of the project's sounds that the file was mixed of, for the record; none when it is a file of somebody's. */
  readonly sounds?: readonly string[];
}

/** How a sound is to be said, what the head does meanwhile and what is keyed. */
interface Directions {
  readonly speech: Speech;
  readonly pose: PoseSource;
  readonly lanes: Lanes;
  /** Keyed, but not followed in a dub. */
  readonly ignoredLanes: readonly LaneName[];
}

/** A file goes over the source's own motion. In a dub the head moves as it was filmed. */
export function directionsOf({ sound, mode }: Pick<ExportRequest, 'sound' | 'mode'>): Directions {
  if (sound.kind === 'path')
    return {
      speech: sound.speech ?? PLAIN_SPEECH,
      pose: { kind: 'source', startFrame: 0 },
      lanes: {},
      ignoredLanes: [],
    };
  const { speech, pose, lanes } = sound.take;
  const followed = mode === 'dub' ? lanesOfDub(lanes) : heededLanes(lanes);
  const ignoredLanes = lanesIn(heededLanes(lanes)).filter((name) => !followed[name]);
  return { speech, pose, lanes: followed, ignoredLanes };
}

/**
 * Prepares the sound for as long as `write` needs it. Each sound is decoded once, and of a take once more where all of
 * it is heard. Raises StudioError('bad-audio') when it is silent.
 */
export async function withSound<T>(
  { tools, sound, mode }: Pick<ExportRequest, 'tools' | 'sound' | 'mode'>,
  fps: number,
  signal: AbortSignal | undefined,
  write: (sound: PreparedSound) => Promise<T>,
): Promise<T> {
  if (sound.kind === 'path') return write(await fileSound(tools, sound, fps, signal));
  const path = join(sound.folder, 'take.wav');
  await mkdir(sound.folder, { recursive: true });
  try {
    return await write(await takeSound(tools, sound, mode, path, fps, signal));
  } finally {
    await rm(path, { force: true });
  }
}

async function fileSound(
  tools: MediaTools,
  { path, part }: Extract<ExportSound, { kind: 'path' }>,
  fps: number,
  signal: AbortSignal | undefined,
): Promise<PreparedSound> {
  const track = await soundTrack(tools, path, signal);
  const sound = await readSound(tools, path, { track, signal });
  const { start, seconds } = part ?? { start: 0, seconds: soundSeconds(sound) };
  refuseSilentPart(sound, start, seconds);
  const heard = { samples: sound.samples, begins: 0 - Math.round(start * fps) };
  return { path, track, start, seconds, heard, first: 0, frames: frameCount(seconds, fps) };
}

/** What is heard of a take from its in to its out point in whole frames, mixed into `path` with a little around it. */
async function takeSound(
  tools: MediaTools,
  { take, sounds }: Extract<ExportSound, { kind: 'take' }>,
  mode: ExportRequest['mode'],
  path: string,
  fps: number,
  signal: AbortSignal | undefined,
): Promise<PreparedSound> {
  const { first, frames } = stretchOf(take, fps);
  const heard = { ...take, clips: [...heardClips(take)] };
  const end = first + frames;
  const around = Math.ceil(CONTEXT_SECONDS * fps);
  const before = Math.min(first, around);
  const part = { from: (first - before) / fps, to: (end + around) / fps };
  await writeMix(tools, sounds, heard, { rate: MIX_RATE, channels: 2, ...part, signal }, path);
  const sound = hearsAll(take, mode)
    ? await wholeSound(tools, sounds, heard, signal)
    : await readSound(tools, path, { track: OWN_WAVE, signal });
  const begins = hearsAll(take, mode) ? 0 : first - before;
  refuseSilentPart(sound, (first - begins) / fps, frames / fps);
  return {
    path,
    track: OWN_WAVE,
    start: before / fps,
    seconds: frames / fps,
    heard: { samples: sound.samples, begins },
    first,
    frames,
    sounds: soundsBetween(heard, first / fps, end / fps),
  };
}

/**
 * Whether a part of a take is performed as it is in the whole only by who has heard everything, as the live picture
 * does: a mouth other than the likely one is drawn, and natural movement goes on, from the take's beginning.
 */
function hearsAll({ speech, pose, lanes }: Take, mode: ExportRequest['mode']): boolean {
  return isVaried(speech, lanes) || (mode === 'portrait' && pose.kind === 'natural');
}

function soundsBetween({ clips }: Take, from: number, to: number): string[] {
  return [...new Set(clips.filter(({ at, seconds }) => at < to && at + seconds > from).map(({ sound }) => sound))];
}

function refuseSilentPart({ samples, rate }: Sound, start: number, seconds: number): void {
  refuseSilence({ samples: samples.subarray(Math.round(start * rate), Math.round((start + seconds) * rate)) });
}
