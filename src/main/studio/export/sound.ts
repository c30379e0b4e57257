import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { heededLanes, type LaneName, type Lanes, lanesIn, lanesOfDub } from '../../../shared/domain/lanes/index.ts';
import { heardClips } from '../../../shared/domain/loudness.ts';
import { bilabials } from '../../../shared/domain/script/index.ts';
import {
  frameCount,
  PLAIN_SPEECH,
  type PoseSource,
  type Speech,
  stretchOf,
  type Take,
} from '../../../shared/domain/take.ts';
import { frameAt } from '../../../shared/domain/timecode.ts';
import { makeFolder } from '../ground/make-folder.ts';
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
import { closuresOf, type HeardSound, isVaried, wholeSound, writeMix } from '../takes/index.ts';
import type { ExportRequest, ExportSound } from './request.ts';

/** Hz; what video files carry. */
const MIX_RATE = 48_000;
/** What the speech networks hear around a moment, and more; so that a part is said as it is in the whole. */
const CONTEXT_SECONDS = 1;
/** Six times as long as a dub takes to settle on the film's light: what is left of before is a 400th. */
const FOLLOWED_SECONDS = 3;

interface Stretch {
  readonly first: number;
  readonly frames: number;
}

/** The sound of one export: what is written beside the pictures, what is heard, and on which frames it lies. */
export interface PreparedSound {
  /** A file, which of its sounds, and the part of it that is written, seconds. */
  readonly path: string;
  readonly track: SoundTrack;
  readonly start: number;
  readonly seconds: number;
  readonly heard: HeardSound;
  /** Of the timeline: what is drawn. */
  readonly first: number;
  readonly frames: number;
  /** What of the timeline an export shows and hears, of which a single frame is a part. */
  readonly whole: Stretch;
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
  makeFolder(sound.folder);
  try {
    return await write(await takeSound(tools, sound, mode, path, fps, signal));
  } finally {
    await rm(path, { force: true });
  }
}

async function fileSound(
  tools: MediaTools,
  { path, part, phones = [] }: Extract<ExportSound, { kind: 'path' }>,
  fps: number,
  signal: AbortSignal | undefined,
): Promise<PreparedSound> {
  const track = await soundTrack(tools, path, signal);
  const sound = await readSound(tools, path, { track, signal });
  const { start, seconds } = part ?? { start: 0, seconds: soundSeconds(sound) };
  refuseSilentPart(sound, start, seconds);
  const begins = 0 - Math.round(start * fps);
  const closures = bilabials(phones).map(({ from, to }) => ({ from: from + begins / fps, to: to + begins / fps }));
  const heard = { samples: sound.samples, begins, closures };
  const whole = { first: 0, frames: frameCount(seconds, fps) };
  return { path, track, start, seconds, heard, ...whole, whole };
}

/** What is heard of a take from its in to its out point in whole frames, mixed into `path` with a little around it. */
async function takeSound(
  tools: MediaTools,
  { take, sounds, phones, at }: Extract<ExportSound, { kind: 'take' }>,
  mode: ExportRequest['mode'],
  path: string,
  fps: number,
  signal: AbortSignal | undefined,
): Promise<PreparedSound> {
  const frame = at === undefined ? undefined : frameAt(at, fps);
  const whole = frame === undefined ? stretchOf(take, fps) : stretchAround(take, frame, fps);
  const heard = { ...take, clips: [...heardClips(take)] };
  const end = whole.first + whole.frames;
  const around = Math.ceil(CONTEXT_SECONDS * fps);
  const before = Math.min(whole.first, around);
  const part = { from: (whole.first - before) / fps, to: (end + around) / fps };
  await writeMix(tools, sounds, heard, { rate: MIX_RATE, channels: 2, ...part, signal }, path);
  const all = hearsAll(take, mode) && heard.clips.length > 0;
  const sound = all
    ? await wholeSound(tools, sounds, heard, signal)
    : await readSound(tools, path, { track: OWN_WAVE, signal });
  const begins = all ? 0 : whole.first - before;
  if (frame === undefined) refuseSilentPart(sound, (whole.first - begins) / fps, whole.frames / fps);
  return {
    path,
    track: OWN_WAVE,
    start: before / fps,
    seconds: whole.frames / fps,
    heard: { samples: sound.samples, begins, closures: phones ? await closuresOf(heard, phones) : [] },
    ...(frame === undefined ? whole : drawnFor(frame, whole.first, mode, fps)),
    whole,
    sounds: soundsBetween(heard, whole.first / fps, end / fps),
  };
}

/** What is drawn for a single frame, which is the last of it: a dub follows the light and the grain of those before. */
function drawnFor(frame: number, earliest: number, mode: ExportRequest['mode'], fps: number): Stretch {
  const first = mode === 'dub' ? Math.max(earliest, frame - Math.ceil(FOLLOWED_SECONDS * fps)) : frame;
  return { first, frames: frame + 1 - first };
}

/** What an export that shows this frame shows: from in to out, else all of the take. */
function stretchAround({ range, clips }: Take, frame: number, fps: number): Stretch {
  const cut = stretchOf({ range, clips }, fps);
  if (frame >= cut.first && frame < cut.first + cut.frames) return cut;
  const { frames } = stretchOf({ range: null, clips }, fps);
  return { first: 0, frames: Math.max(frames, frame + 1) };
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
