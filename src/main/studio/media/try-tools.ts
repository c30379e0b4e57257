import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StudioError } from '../../../shared/contract/index.ts';
import { feedFfmpeg } from './command.ts';
import { probeVideo, readStreams } from './probe.ts';
import { readFrame } from './frames.ts';
import { type MediaTools, versionOf } from './tools.ts';

export interface ToolsTried {
  /** ffprobe's. */
  readonly version: string;
  readonly sameBuild: boolean;
  /** Whether both begin a file's clock at the same moment. */
  readonly agrees: boolean;
  /** Why a small film that this ffmpeg wrote could not be read again. */
  readonly failure: StudioError | null;
}

const [SIDE, FRAMES] = [64, 60];

/** Writes a small film as recorders do (MKV with H.264 and AAC) and reads it again. Raises nothing of the tools. */
export async function tryTools(tools: MediaTools): Promise<ToolsTried> {
  const version = (await versionOf(tools.ffprobe)) ?? 'unknown';
  const about = { version, sameBuild: version === tools.version };
  const folder = await mkdtemp(join(tmpdir(), 'likeness-doctor-'));
  const film = join(folder, 'film.mkv');
  try {
    await write(tools, film);
    const video = await probeVideo(tools, film);
    await readFrame(tools, video, FRAMES - 1);
    const { format, streams } = await readStreams(tools, film);
    const begins = Number(streams[video.picture]?.start_time ?? 0) - Number(format.start_time ?? 0);
    const agrees = Math.abs(begins - video.begins) < 0.0015; // a clock of milliseconds
    return { ...about, agrees, failure: video.source.frames === FRAMES ? null : miscounted(video.source.frames) };
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    return { ...about, agrees: false, failure: error };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function write(tools: MediaTools, film: string): Promise<void> {
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${SIDE}x${SIDE}`, '-framerate', '25'];
  const sound = ['-filter_complex', 'sine=duration=2.4[tone]', '-map', '0:v', '-map', '[tone]'];
  const codecs = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-f', 'matroska'];
  const ffmpeg = feedFfmpeg(tools, {
    inputs: [{ file: null, options: raw }],
    options: [...sound, ...codecs],
    target: film,
    role: 'output',
  });
  ffmpeg.ended.catch(() => undefined); // said below
  for (let frame = 0; frame < FRAMES; frame += 1)
    await ffmpeg.send(new Uint8Array(SIDE * SIDE).fill(frame * 4)).catch(() => undefined);
  ffmpeg.finish();
  await ffmpeg.ended;
}

function miscounted(frames: number): StudioError {
  return new StudioError({
    code: 'missing-tool',
    message: `ffprobe and ffmpeg do not fit together: of ${FRAMES} frames ${frames} were found.`,
    hint: 'Name two of one build with LIKENESS_FFMPEG and LIKENESS_FFPROBE, or unset both.',
  });
}
