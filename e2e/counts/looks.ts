/** Looks for watermarks: what there is to look at, and what was found. */
import { existsSync } from 'node:fs';
import { appendFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a look found: one line of LIKENESS_LOOKED. */
export interface Look {
  readonly film: number;
  /** What was done to it; of a look for false alarms nothing. */
  readonly after: string;
  readonly source: string;
  readonly score: number;
  readonly verdict: 'none' | 'likely' | 'read' | 'read wrongly';
  /** Which share of the coded bits was right. */
  readonly bits?: number;
  /** Of the film, and what the watermark cost it, dB. */
  readonly pixels?: number;
  readonly psnr?: number;
}

/** LIKENESS_LOOKED names a file of what was found before: it is gone on from there, film by film. */
export async function looksBefore(which: (look: Look) => boolean): Promise<Look[]> {
  const file = process.env['LIKENESS_LOOKED'];
  if (!file || !existsSync(file)) return [];
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Look).filter((look) => which(look));
}

export async function keep(looks: readonly Look[]): Promise<void> {
  const file = process.env['LIKENESS_LOOKED'];
  if (file) await appendFile(file, looks.map((look) => `${JSON.stringify(look)}\n`).join(''));
}

/** What ffmpeg draws. */
export const DRAWN = [
  'gradients=s=640x480:r=25:n=4:speed=.02',
  'mandelbrot=s=640x480:r=25',
  'testsrc2=s=640x480:r=25',
  'cellauto=s=640x480:r=25:rule=110',
] as const;
/** How many rows a piece has. */
export const ROWS = [360, 480, 540, 720] as const;

/** The videos in LIKENESS_CLIPS. */
export const clipsHere = async (): Promise<string[]> => {
  const folder = process.env['LIKENESS_CLIPS'];
  if (!folder) return [];
  return (await readdir(folder))
    .filter((name) => name.endsWith('.mp4'))
    .toSorted()
    .map((name) => join(folder, name));
};

export async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'likeness-watermark-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
