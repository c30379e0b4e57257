import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { findInstallation } from '../src/main/studio/system/environment.ts';
import { locateMediaTools } from '../src/main/studio/media/index.ts';

/** Pixels; as large as the window hands pictures on, so that it scales none. */
export const SIDE = 360;
/** Black and white blocks in the picture's corner, the lowest digit first. */
const [DIGITS, BLOCK] = [8, 16];

/** A film as a browser's fake camera plays it, over and over: each picture says which one it is. */
export async function numberedCamera(film: string, folder: string): Promise<string> {
  const { ffmpeg } = await locateMediaTools(findInstallation().venv);
  const [raw, file] = [join(folder, 'camera.raw'), join(folder, 'camera.y4m')];
  const scaled = ['-vf', `scale=${SIDE}:${SIDE}`, '-pix_fmt', 'yuv420p', '-f', 'rawvideo', raw];
  execFileSync(ffmpeg, ['-v', 'error', '-i', film, ...scaled]);
  const bytes = (SIDE * SIDE * 3) / 2;
  const pictures = readFileSync(raw);
  const out = openSync(file, 'w');
  writeSync(out, `YUV4MPEG2 W${SIDE} H${SIDE} F25:1 Ip A1:1 C420\n`);
  for (let number = 0; number < pictures.length / bytes; number++) {
    const picture = pictures.subarray(number * bytes, (number + 1) * bytes);
    for (let digit = 0; digit < DIGITS; digit++)
      for (let y = 0; y < BLOCK; y++)
        picture.fill((number >> digit) & 1 ? 235 : 16, y * SIDE + digit * BLOCK, y * SIDE + (digit + 1) * BLOCK);
    writeSync(out, 'FRAME\n');
    writeSync(out, picture);
  }
  closeSync(out);
  return file;
}

/** Which picture of the film it is, by its luma [SIDE,SIDE]. */
export function numberOf(luma: Uint8Array): number {
  const middle = (BLOCK / 2) * SIDE + BLOCK / 2;
  return Array.from({ length: DIGITS }, (_, digit) => (luma[middle + digit * BLOCK]! > 127 ? 1 << digit : 0)).reduce(
    (sum, bit) => sum + bit,
    0,
  );
}
