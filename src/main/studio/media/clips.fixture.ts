/** Clips for tests, drawn by ffmpeg: every frame carries its own number as a row of black and white blocks. */
import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Frame } from './frames.ts';
import { locateMediaTools } from './tools.ts';

const run = promisify(execFile);
const BITS = 10;

/** What is tested: what came along, or what the variables name. */
export const tools = await locateMediaTools(resolve('trainer/.venv'));
/** What draws the clips, which older builds cannot. */
const drawing = await brought();

async function brought(): Promise<string> {
  const named = process.env['LIKENESS_FFMPEG'];
  delete process.env['LIKENESS_FFMPEG'];
  const { ffmpeg } = await locateMediaTools(resolve('trainer/.venv'));
  if (named !== undefined) process.env['LIKENESS_FFMPEG'] = named;
  return ffmpeg;
}

export function scratchFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'likeness-test-'));
}

export function ffmpeg(...args: string[]): Promise<unknown> {
  return run(drawing, ['-v', 'error', '-y', ...args]);
}

/** Pictures of the size, and as many, that the tiny avatar says it was made from. */
export const TINY_PICTURES = '-f lavfi -i testsrc2=s=160x128:r=25:d=0.8 -c:v libx264 -pix_fmt yuv420p'.split(' ');

/** These, with a tone. */
export async function tinyClip(path: string): Promise<void> {
  await ffmpeg('-f', 'lavfi', '-i', 'sine=frequency=300:duration=0.8', ...TINY_PICTURES, '-c:a', 'aac', path);
}

export interface ClipOptions {
  readonly width?: number;
  readonly height?: number;
  readonly fps?: string;
  readonly seconds?: number;
  readonly sound?: boolean;
  readonly filters?: string;
  /** Encoder options; H.264 with B-frames and a key frame every 25 by default. */
  readonly codec?: readonly string[];
}

export async function numberedClip(path: string, options: ClipOptions = {}): Promise<string> {
  const {
    width = 160,
    height = 96,
    fps = '25',
    seconds = 4,
    sound = false,
    filters,
    codec = ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '25', '-bf', '3', '-pix_fmt', 'yuv420p'],
  } = options;
  const blocks = `geq=lum='if(gt(bitand(N\\,pow(2\\,floor(X*${BITS}/W)))\\,0)\\,235\\,16)':cb=128:cr=128`;
  await ffmpeg(
    '-f',
    'lavfi',
    '-i',
    `color=gray:s=${width}x${height}:r=${fps}:d=${seconds},format=yuv444p,${blocks}${filters ? `,${filters}` : ''}`,
    ...(sound ? ['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=48000:duration=${seconds}`, '-c:a', 'aac'] : []),
    ...codec,
    path,
  );
  return path;
}

/** The number drawn into a frame. */
export function numberIn({ pixels, width, height }: Frame): number {
  const row = Math.floor(height / 2) * width;
  const samples = Math.floor(pixels.length / (width * height)); // a pixel's, or luma alone
  let number = 0;
  for (let bit = 0; bit < BITS; bit += 1) {
    const column = Math.floor(((bit + 0.5) * width) / BITS);
    if (pixels[(row + column) * samples]! > 127) number += 2 ** bit;
  }
  return number;
}
