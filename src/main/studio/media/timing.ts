import { createInterface } from 'node:readline';
import { resolve } from 'node:path';
import { PLAIN_FILES } from './arguments.ts';
import { endFailure } from './failure.ts';
import { startProgram } from './program.ts';
import type { MediaTools } from './tools.ts';

/**
 * Shown frames' times in display order, less the file's start; `damaged` when a packet is incomplete. Raises
 * StudioError('bad-video' | 'interrupted' | 'missing-tool').
 */
export async function frameTimes(
  tools: MediaTools,
  path: string,
  stream: number,
  start: number,
): Promise<{ times: Float64Array; hidden: number; damaged: boolean }> {
  const args = [
    '-v',
    'error',
    ...PLAIN_FILES,
    '-select_streams',
    String(stream),
    '-show_entries',
    'packet=pts_time,dts_time,flags',
    '-of',
    'csv=p=0',
    resolve(path),
  ];
  const ffprobe = startProgram(tools.ffprobe, args, { stdout: true });
  const times: number[] = [];
  let hidden = 0;
  let corrupt = false;
  for await (const line of createInterface({ input: ffprobe.stdout! })) {
    const [pts, dts, flags = ''] = line.split(',');
    if (flags.includes('C')) corrupt = true;
    if (flags.includes('D')) {
      hidden += 1; // an edit list cuts this frame away
      continue;
    }
    const time = Number(pts === 'N/A' ? dts : pts); // AVI keeps no presentation times
    times.push(Number.isFinite(time) ? time - start : Number.NaN);
  }
  const end = await ffprobe.ended;
  const damaged = corrupt || /truncat|partial file/i.test(end.log);
  const failure = damaged ? null : endFailure('video', end);
  if (failure) throw failure;
  return { times: inDisplayOrder(times), hidden, damaged };
}

function inDisplayOrder(times: number[]): Float64Array {
  const sorted = Float64Array.from(times);
  return sorted.some(Number.isNaN) ? sorted : sorted.sort();
}
