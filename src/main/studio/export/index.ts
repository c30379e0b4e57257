/** A take written to a file: the source video with the driven face put back, or the avatar over its background. */
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseSafetensors, TensorFileError } from '../../../shared/binary/index.ts';
import { type ExportResult, StudioError } from '../../../shared/contract/index.ts';
import { PLAIN_SPEECH, type Speech } from '../../../shared/domain/take.ts';
import {
  type Accents,
  type Avatar,
  controlOf,
  type DubFrame,
  EXPRESSIONS,
  type MotionTrack,
  motionTrack,
  openAvatar,
  type Picture,
} from '../engine/index.ts';
import {
  type MediaTools,
  openVideoSink,
  type PixelFormat,
  type ProbedVideo,
  probeVideo,
  readSound,
  refuseSilence,
  soundSeconds,
  type VideoSink,
} from '../media/index.ts';
import {
  type Manner,
  mannerOf,
  plainStretch,
  type Stretch,
  type TakeFrame,
  takeFrames,
  variationOf,
} from '../takes/index.ts';
import { drawnPart } from './drawn-part.ts';
import { faceOpacity } from './opacity.ts';
import { type Origin, provenanceTags, writeProvenance } from './provenance.ts';
import { type Size, sourcePictures } from './source-pictures.ts';

export interface ExportRequest {
  readonly tools: MediaTools;
  readonly avatarPath: string;
  /** Any file with sound. */
  readonly audioPath: string;
  /**
   * The part of it that is exported, seconds; what is around it is heard too, as speech is understood by what comes
   * before and after. All of it by default.
   */
  readonly part?: { readonly start: number; readonly seconds: number };
  /** Ids of the project's sounds that the file was mixed of, for the record; none when it is a file of somebody's. */
  readonly sounds?: readonly string[];
  /** An .mp4; one that is there is replaced once the new one is whole. */
  readonly outPath: string;
  /** What the head does, from which frame of the take on; the source's own motion from its beginning by default. */
  readonly motion?: Pick<Stretch, 'first' | 'pose'>;
  /**
   * All that the take says, from its beginning, mono at 16 kHz: what natural motion goes with, whichever part is
   * exported.
   */
  readonly whole?: () => Promise<Float32Array>;
  /** What speech does to the face beside what is said; nothing by default. */
  readonly speech?: Speech;
  readonly mode: 'dub' | 'portrait';
  /** Of the picture, rounded down to even. `source`: dub keeps the video's size; portrait keeps the source's scale. */
  readonly height: number | 'source';
  /** The video the avatar was made from; dub needs it. */
  readonly source?: string;
  /** Its analysis, for avatars whose own motion track does not hold every frame. */
  readonly analysisDir?: string;
  readonly threads?: number;
}

export interface ExportProgress {
  readonly stage: 'speech' | 'frames';
  readonly done: number;
  readonly total: number;
}

const DEFAULT_PORTRAIT_HEIGHT = 360;
/** Pictures under way at once: one being written, one rendered, one waiting so that the engine never does. */
const IN_FLIGHT = 3;

/** Raises StudioError: 'bad-bundle', 'bad-video', 'bad-audio', 'no-audio', 'bad-request', 'disk-full', 'cancelled'. */
export async function exportVideo(
  request: ExportRequest,
  onProgress: (progress: ExportProgress) => void = () => undefined,
  signal?: AbortSignal,
): Promise<ExportResult> {
  const begin = performance.now();
  await mkdir(dirname(request.outPath), { recursive: true });
  const sound = await readSound(request.tools, request.audioPath, { signal });
  const { start, seconds } = request.part ?? { start: 0, seconds: soundSeconds(sound) };
  refuseSilence({
    samples: sound.samples.subarray(Math.round(start * sound.rate), Math.round((start + seconds) * sound.rate)),
  });
  const avatar = await openAvatar(request.avatarPath, { graph: 'std', threads: request.threads });
  try {
    const speech = request.speech ?? PLAIN_SPEECH;
    const manner = mannerOf(avatar, speech);
    const variation = variationOf(avatar, speech, request.motion?.pose);
    const video = request.mode === 'dub' ? await dubbedVideo(request, avatar) : undefined;
    const fps = video?.source.fps ?? avatar.manifest.source.fps;
    const stretch = {
      ...plainStretch(seconds, fps),
      ...request.motion,
      accents: await accentsOf(request, avatar, signal),
    };
    const before = Math.round(start * fps);
    onProgress({ stage: 'speech', done: 0, total: 1 });
    const heard =
      variation && request.whole
        ? await drawnPart(avatar, await request.whole(), stretch, { variation, signal })
        : (await avatar.motion(sound.samples, fps, before + stretch.frames, { variation })).subarray(
            before * EXPRESSIONS,
          );
    const spoken = manner.mouth(heard);
    onProgress({ stage: 'speech', done: 1, total: 1 });
    signal?.throwIfAborted();
    const origin: Origin = { avatarId: avatar.id, manifest: avatar.manifest, mode: request.mode };
    const job: Job = {
      request,
      avatar,
      stretch,
      start,
      seconds,
      spoken,
      style: manner.style,
      tags: provenanceTags(origin),
      onProgress,
      signal,
    };
    const { path, frames } = video ? await exportDub(job, video) : await exportPortrait(job);
    const provenance = await writeProvenance(path, origin, {
      audioPath: request.audioPath,
      sounds: request.sounds,
      speech,
      sourcePath: video?.path,
      frames,
      seconds,
      fps,
    });
    return { path, frames, seconds, xRealtime: seconds / ((performance.now() - begin) / 1000), provenance };
  } catch (error) {
    if (signal?.aborted && !(error instanceof StudioError))
      throw new StudioError({
        code: 'cancelled',
        message: 'The export was stopped.',
        hint: 'Start it again when you like.',
      });
    throw error;
  } finally {
    await avatar.close();
  }
}

/** As the live picture hears them, so that the head does the same in both. */
async function accentsOf(
  { mode, motion, whole }: ExportRequest,
  avatar: Avatar,
  signal: AbortSignal | undefined,
): Promise<Accents | undefined> {
  if (mode === 'dub' || motion?.pose.kind !== 'natural' || !whole || !avatar.idle.heard) return undefined;
  const waveform = await whole();
  return waveform.length > 0
    ? (await avatar.speak(waveform, avatar.manifest.source.fps, 1, { signal })).accents
    : undefined;
}

interface Job {
  readonly request: ExportRequest;
  readonly avatar: Avatar;
  readonly stretch: Stretch;
  /** Of its sound in the file, seconds. */
  readonly start: number;
  readonly seconds: number;
  readonly spoken: Float32Array;
  readonly style: Manner['style'];
  readonly tags: Record<string, string>;
  readonly onProgress: (progress: ExportProgress) => void;
  readonly signal: AbortSignal | undefined;
}

/** One picture on its way; wrapped, because an async generator would wait for a bare promise before it goes on. */
interface InTheMaking {
  readonly picture: Promise<Picture>;
}

/** Pictures of one size and format. Buffers that have been written come back in `spare`. */
interface Pictures {
  readonly format: PixelFormat;
  readonly spare: Uint8Array[];
  readonly pictures: AsyncIterable<InTheMaking>;
}

function exportPortrait(job: Job): Promise<{ path: string; frames: number }> {
  const { avatar, request, stretch, spoken, style } = job;
  const height = request.height === 'source' ? naturalHeight(avatar) : request.height;
  const spare: Uint8Array[] = [];
  async function* pictures(): AsyncGenerator<InTheMaking, void, undefined> {
    for (const { control } of takeFrames(stretch, avatar.rig, avatar.idle, spoken, style)) {
      const into = spare.pop();
      yield { picture: avatar.renderPicture(control, { height, ...(into ? { into } : {}) }) };
    }
  }
  return encode(job, { format: 'rgba', spare, pictures: pictures() });
}

async function exportDub(job: Job, video: ProbedVideo): Promise<{ path: string; frames: number }> {
  const { avatar, request, stretch, spoken, style, signal } = job;
  const track = await trackOf(request, avatar, video);
  const own =
    // the picture's head moves as it was filmed
    stretch.pose.kind === 'natural' ? { ...stretch, pose: { kind: 'source', startFrame: 0 } as const } : stretch;
  const frames: TakeFrame[] = [...takeFrames(own, avatar.rig, track, spoken, style)];
  const rows = Int32Array.from(frames, ({ row }) => row);
  const opacity = faceOpacity(track.state, rows);
  const size = dubSize(request.height, video.source);
  const zoom = size.width / video.source.width;
  const spare: Uint8Array[] = [];
  async function* pictures(): AsyncGenerator<InTheMaking, void, undefined> {
    let frame = 0;
    for await (const picture of sourcePictures(request.tools, video, rows, size, spare, signal)) {
      const { control, row } = frames[frame]!;
      const shown = opacity[frame]!;
      frame += 1;
      yield {
        picture:
          shown > 0
            ? dubbed(picture, {
                driven: control,
                source: controlOf(track, row),
                opacity: shown,
                zoom,
                seconds: 1 / stretch.fps,
              })
            : Promise.resolve(picture),
      };
    }
  }
  async function dubbed({ width, height, pixels: planes }: Picture, how: Omit<DubFrame, 'picture'>): Promise<Picture> {
    const picture = await avatar.dub({ picture: { width, height, planes }, ...how });
    return { width, height, pixels: picture.planes };
  }
  return encode(job, { format: 'yuv420p', spare, pictures: pictures() });
}

/** Writes pictures in order while later ones are still being made. */
async function encode(job: Job, { format, spare, pictures }: Pictures): Promise<{ path: string; frames: number }> {
  const { request, stretch, start, seconds, tags, onProgress, signal } = job;
  let sink: VideoSink | undefined;
  let done = 0;
  let failed = false; // then nothing may open the file again
  async function write({ picture }: InTheMaking, before: Promise<void> | undefined): Promise<void> {
    const { width, height, pixels } = await picture;
    await before;
    signal?.throwIfAborted();
    if (failed) return;
    const sound = { path: request.audioPath, start, seconds };
    sink ??= openVideoSink(request.tools, {
      path: request.outPath,
      width,
      height,
      fps: stretch.fps,
      pixelFormat: format,
      sound,
      metadata: tags,
      ...(signal ? { signal } : {}),
    });
    await sink.write(pixels);
    spare.push(pixels);
    done += 1;
    onProgress({ stage: 'frames', done, total: stretch.frames });
  }
  const underway: Promise<void>[] = [];
  try {
    for await (const picture of pictures) {
      const written = write(picture, underway.at(-1));
      written.catch(() => undefined); // it is awaited in its turn; until then a failure is not unhandled
      underway.push(written);
      if (underway.length >= IN_FLIGHT) await underway.shift();
    }
    await Promise.all(underway);
    return await sink!.finish();
  } catch (error) {
    failed = true;
    await sink?.abort();
    throw error;
  }
}

/** Raises StudioError('bad-request' | 'bad-video') unless the video is the one the avatar was made from. */
async function dubbedVideo({ source, tools }: ExportRequest, avatar: Avatar): Promise<ProbedVideo> {
  if (!source)
    throw new StudioError({
      code: 'bad-request',
      message: 'Dubbing needs the source video.',
      hint: 'Give the video the avatar was made from, or export a portrait.',
    });
  const video = await probeVideo(tools, source);
  const { width, height } = avatar.manifest.source;
  if (video.source.width !== width || video.source.height !== height) {
    throw new StudioError({
      code: 'bad-request',
      message: `This avatar was made from a video of ${width}x${height}; this one is ${video.source.width}x${video.source.height}.`,
      hint: 'Use the video the avatar was made from.',
    });
  }
  return video;
}

/** The motion of every frame of the video: the avatar's own track, or the analysis where that one is shortened. */
async function trackOf({ analysisDir }: ExportRequest, avatar: Avatar, video: ProbedVideo): Promise<MotionTrack> {
  if (avatar.idle.frames === video.source.frames) return avatar.idle;
  const mismatch = (detail: string) =>
    new StudioError({
      code: 'bad-request',
      message: 'The analysis does not belong to this video.',
      hint: 'Analyse the video again.',
      detail,
    });
  if (!analysisDir) throw mismatch(`The avatar holds ${avatar.idle.frames} frames, the video ${video.source.frames}.`);
  try {
    const track = motionTrack(parseSafetensors(await readFile(join(analysisDir, 'track.safetensors'))));
    if (track.frames !== video.source.frames)
      throw mismatch(`The analysis holds ${track.frames} frames, the video ${video.source.frames}.`);
    return track;
  } catch (cause) {
    if (cause instanceof TensorFileError) throw mismatch(cause.message);
    throw cause;
  }
}

function dubSize(height: number | 'source', source: Size): Size {
  if (height === 'source') return { width: source.width, height: source.height };
  const even = Math.max(2, 2 * Math.floor(height / 2));
  return { width: Math.max(2, 2 * Math.round((even * source.width) / source.height / 2)), height: even };
}

/** The height at which a portrait has the source's own scale, never under the default. */
function naturalHeight({ idle }: Avatar): number {
  const sizes = Float32Array.from({ length: idle.frames }, (_, frame) => idle.crop[frame * 3 + 2]!).sort();
  return Math.max(DEFAULT_PORTRAIT_HEIGHT, Math.round(sizes[sizes.length >> 1]!));
}
