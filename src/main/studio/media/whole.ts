/** Whether a file is whole, and what there is of one that is not. */
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { resolve } from 'node:path';
import { READING } from '../../../shared/format/index.ts';
import { PLAIN_FILES } from './arguments.ts';
import { ffmpegOutput } from './command.ts';
import { startProgram } from './program.ts';
import type { MediaTools } from './tools.ts';

/** What a container's header says of its length, and what was found of its pictures; seconds on the file's clock. */
export interface Promised {
  readonly format: string;
  readonly start: number;
  readonly duration: number;
  readonly pictureEnd: number;
}

/**
 * The seconds by which a file ends before its header says; 0 for a whole one, and for formats whose headers say
 * nothing.
 */
export async function missingSeconds(tools: MediaTools, path: string, promised: Promised): Promise<number> {
  const { format, start, duration, pictureEnd } = promised;
  const { formats, missingSeconds: tolerated } = READING.whole;
  if (!formats.some((name) => format.includes(name))) return 0;
  // Matroska counts from the clock's beginning, the others from their start.
  const end = Math.min(duration, start + duration);
  if (end - pictureEnd <= tolerated) return 0;
  const missing = end - Math.max(pictureEnd, await lastEnd(tools, path)); // sound may go on after the pictures
  return missing > tolerated ? missing : 0;
}

async function lastEnd(tools: MediaTools, path: string): Promise<number> {
  const args = ['-v', 'error', ...PLAIN_FILES, '-show_entries', 'packet=pts_time,duration_time', '-of', 'csv=p=0'];
  const ffprobe = startProgram(tools.ffprobe, [...args, resolve(path)], { stdout: true });
  let end = 0;
  for await (const line of createInterface({ input: ffprobe.stdout! })) {
    const [time = Number.NaN, seconds = 0] = line.split(',').map(Number);
    if (Number.isFinite(time)) end = Math.max(end, time + (seconds || 0));
  }
  return end;
}

/**
 * Times of the frames that really come out of a video, seconds from its start, ascending: a damaged one's packets
 * may promise more. Decodes all of it.
 */
export async function decodedTimes(tools: MediaTools, path: string, index: number): Promise<Float64Array> {
  const noted = ffmpegOutput(tools, {
    inputs: [{ file: path }],
    options: ['-map', `0:${index}`, '-fps_mode', 'passthrough', '-vf', READING.whole.look.join(','), '-f', 'null'],
    role: 'video',
  });
  const times: number[] = [];
  for await (const line of createInterface({ input: Readable.from(noted) })) {
    const [, microseconds] = /^frame:\d+ +pts:(\d+)/.exec(line) ?? [];
    if (microseconds) times.push(Number(microseconds) / 1e6);
  }
  return Float64Array.from(times).sort();
}
