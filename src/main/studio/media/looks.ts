/** What the pictures themselves say, where a file's own word is not enough: short looks by ffmpeg's filters. */
import { READING } from '../../../shared/format/index.ts';
import { ffmpegOutput } from './command.ts';
import type { MediaTools } from './tools.ts';

const { fields, light } = READING;

/**
 * Which field of a frame comes first, when frames are woven of two: `declared` where the first seconds do not tell.
 * Null for whole pictures, and for pictures too tall to have fields; small ones only have them if they say so.
 */
export async function fieldOrder(
  tools: MediaTools,
  path: string,
  { index, lines, declared }: { readonly index: number; readonly lines: number; readonly declared: string | undefined },
): Promise<string | null> {
  if (lines > fields.mostLines) return null;
  const stated = (fields.orders as Readonly<Record<string, string>>)[declared ?? ''] ?? null;
  if (lines < fields.fewestLines) return stated;
  const seen = await look(tools, path, index, fields.look, fields.frames);
  const count = (kind: string) => seen.filter((value) => value === kind).length;
  const [top, bottom] = [count('tff'), count('bff')];
  const combed = top + bottom;
  const enough = combed >= fields.leastCombed && combed >= fields.leastShare * (combed + count('progressive'));
  // Drawn stripes look combed too, now with one field first and now with the other.
  if (!enough || Math.min(top, bottom) > fields.mostOther * combed) return stated;
  return top >= bottom ? 'tff' : 'bff';
}

/** The brightest spot of the key frames' luma, 0 to 1 of full scale. */
export async function brightest(tools: MediaTools, path: string, index: number): Promise<number> {
  const peaks = await look(tools, path, index, light.look, light.keyFrames, ['-skip_frame', 'nokey']);
  return peaks.reduce((most, peak) => Math.max(most, Number(peak) / 255), 0);
}

/** The values that filters note of each frame. */
async function look(
  tools: MediaTools,
  path: string,
  index: number,
  filters: readonly string[],
  frames: number,
  before: readonly string[] = [],
): Promise<string[]> {
  const options = ['-map', `0:${index}`, '-vf', filters.join(','), '-frames:v', String(frames), '-f', 'null'];
  let text = '';
  const inputs = [{ file: path, options: ['-threads', '1', ...before] }];
  for await (const bytes of ffmpegOutput(tools, { inputs, options, role: 'video' })) text += bytes.toString('latin1');
  return Array.from(text.matchAll(/^lavfi\.[\w.]+=(\S+)$/gm), ([, value]) => value!);
}
