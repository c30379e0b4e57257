/** Where each millisecond of a live and of an exported frame goes. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { initialTake } from '../../shared/domain/take.ts';
import { exportVideo } from '../../main/studio/export/index.ts';
import {
  type MediaTools,
  openVideoSink,
  type ProbedVideo,
  probeVideo,
  readFrames,
} from '../../main/studio/media/index.ts';
import type { Studio } from '../../main/studio/studio.ts';
import { onLiveLine } from '../live-line.ts';
import { unlessStopped } from '../stopped.ts';
import type { FrameProfile } from './result.ts';
import { ThreadLooks, type ThreadTimes } from './threads.ts';

export interface ProfileRequest {
  readonly studio: Studio;
  readonly project: string;
  /** The avatar's video and its analysis, where they are there. */
  readonly filmed?: { readonly source: string; readonly analysisDir: string } | undefined;
  readonly tools: MediaTools;
  readonly audioPath: string;
  readonly threads: number;
  /** How long each is looked at. */
  readonly seconds: number;
}

const HEIGHTS = [360, 720] as const;
/** An export's first frames find code that is not compiled yet, its last ones an engine that is closing. */
const WARM_UP = 20;
const LAST = 4;
/** Pictures that an encoder is timed with. */
const KEPT_BYTES = 128 * 2 ** 20;

/** Raises StudioError('not-found' | 'bad-bundle' | 'bad-audio' | 'cancelled'). */
export async function profile(request: ProfileRequest, signal: AbortSignal): Promise<FrameProfile[]> {
  const { filmed } = request;
  const profiles: FrameProfile[] = [];
  for (const height of HEIGHTS) profiles.push(await liveProfile(request, height, signal));
  const folder = await mkdtemp(join(tmpdir(), 'likeness-bench-'));
  try {
    for (const height of HEIGHTS)
      profiles.push(await exportProfile(request, folder, { mode: 'portrait', height }, signal));
    if (filmed) profiles.push(await exportProfile(request, folder, { mode: 'dub', height: 'source' }, signal));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return profiles;
}

async function liveProfile(
  { studio, project, threads, seconds }: ProfileRequest,
  height: number,
  signal: AbortSignal,
): Promise<FrameProfile> {
  unlessStopped(signal);
  const { id, source } = studio.library.projects.find(project);
  return onLiveLine(studio, threads, async (window) => {
    const { width } = await window.show(id, height);
    await window.speak(initialTake(source));
    await window.ask(seconds * 200, 2, (count) => count); // warm-up
    const looks = await ThreadLooks.begin();
    const { pictures, ms } = await window.ask(seconds * 1000, 2, (count) => count);
    return { what: 'live', width, height, ...aFrame(pictures, ms, await looks.end()) };
  });
}

async function exportProfile(
  { studio, project, tools, filmed, audioPath, threads }: ProfileRequest,
  folder: string,
  { mode, height }: { readonly mode: 'portrait' | 'dub'; readonly height: number | 'source' },
  signal: AbortSignal,
): Promise<FrameProfile> {
  const outPath = join(folder, `${mode}-${height}.mp4`);
  let looks: Promise<ThreadLooks> | undefined;
  let seen: Promise<ThreadTimes[]> | undefined;
  let [begin, end, frames] = [0, 0, 0];
  await exportVideo(
    {
      tools,
      ...filmed,
      avatarPath: studio.avatars.path(project),
      sound: { kind: 'path', path: audioPath },
      outPath,
      mode,
      height,
      threads,
    },
    ({ stage, done, total }) => {
      if (stage !== 'frames') return;
      if (done === WARM_UP) [looks, begin] = [ThreadLooks.begin(), performance.now()];
      if (done !== total - LAST) return;
      [frames, end] = [done - WARM_UP, performance.now()];
      seen = looks?.then((looking) => looking.end());
    },
    signal,
  );
  const made = await probeVideo(tools, outPath);
  const { width, height: rows } = made.source;
  const kept = await firstPictures(tools, made);
  const encodeMs = await encoding(tools, join(folder, 'again.mp4'), { ...kept, width, height: rows });
  const decodeMs = mode === 'dub' ? await decoding(tools, filmed!.source, kept.pictures.length) : undefined;
  return {
    what: mode,
    width,
    height: rows,
    ...aFrame(frames, end - begin, (await seen) ?? []),
    encodeMs,
    ...(decodeMs === undefined ? {} : { decodeMs }),
  };
}

function aFrame(frames: number, ms: number, threads: readonly ThreadTimes[]) {
  return {
    frames,
    frameMs: ms / frames,
    threads: threads.map(({ thread, parts }) => ({
      thread,
      parts: parts.map(({ where, ms: spent }) => ({ where, ms: spent / frames })),
    })),
  };
}

async function firstPictures(
  tools: MediaTools,
  video: ProbedVideo,
): Promise<{ fps: number; pictures: Uint8Array[] }> {
  const pictures: Uint8Array[] = [];
  let bytes = 0;
  for await (const { pixels } of readFrames(tools, video, { pixelFormat: 'yuv420p' })) {
    pictures.push(pixels);
    bytes += pixels.length;
    if (bytes > KEPT_BYTES) break;
  }
  return { fps: video.source.fps, pictures };
}

/** Milliseconds a picture. */
async function encoding(
  tools: MediaTools,
  path: string,
  {
    pictures,
    ...how
  }: {
    readonly pictures: readonly Uint8Array[];
    readonly fps: number;
    readonly width: number;
    readonly height: number;
  },
): Promise<number> {
  const sink = openVideoSink(tools, { path, pixelFormat: 'yuv420p', ...how });
  await sink.write(pictures[0]!); // the encoder starts
  const begin = performance.now();
  for (const picture of pictures.slice(1)) await sink.write(picture);
  await sink.finish();
  return (performance.now() - begin) / (pictures.length - 1);
}

async function decoding(tools: MediaTools, path: string, most: number): Promise<number> {
  const video = await probeVideo(tools, path);
  let begin = 0;
  let count = 0;
  for await (const _ of readFrames(tools, video, { pixelFormat: 'yuv420p', stop: most })) {
    if (count++ === 0) begin = performance.now();
  }
  return (performance.now() - begin) / (count - 1);
}
