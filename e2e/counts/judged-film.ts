import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import {
  type CaptionWord,
  captionWords,
  type Cue,
  cuesOf,
  type SpeechTimes,
} from '../../src/shared/domain/script/index.ts';
import type { Film } from './ways-in.ts';

/** Not in step: a client of HTTP that sees nothing for seconds does not see either that its connection was closed. */
const run = promisify(execFile);

type Tools = Readonly<Record<'ffmpeg' | 'ffprobe', string>>;

/** Seconds: a caption and its first word, however both were found. */
const NEAR = 0.12;
/** Of the picture that is looked at. */
const [WIDTH, ROWS] = [270, 480];
/** Rows of an upright picture that captions are drawn in: two lines whose lower edge is 16 % from below. */
const BAND = { from: 0.7, to: 0.87 };
const BRIGHT = 60; // a letter, or its edge, over whatever lies below it
const FEWEST = 60; // pixels of a line
const RATE = 25; // of the synthetic person

export interface Made {
  readonly text: string;
  readonly times: SpeechTimes;
  /** With captions drawn into it, and with a file beside it. */
  readonly burned: Film;
  readonly plain: Film;
}

/** What is wrong with a film that was made of a text, by what ffprobe, its pixels and its captions say. */
export async function faultsIn({ text, times, burned, plain }: Made, tools: Tools): Promise<string[]> {
  const faults: string[] = [];
  const cues = plain.captions === undefined ? [] : cuesOf(readFileSync(plain.captions, 'utf8'));
  for (const { path } of [burned, plain]) faults.push(...(await wrongWithFile(path, times.seconds, tools)));
  faults.push(...wrongWithCues(cues, captionWords(text, times.words)));
  faults.push(...(await wrongWithPictures(cues, { burned: burned.path, plain: plain.path }, tools)));
  return faults;
}

async function wrongWithFile(path: string, seconds: number, { ffprobe }: Tools): Promise<string[]> {
  const args = ['-v', 'error', '-show_streams', '-show_format', '-count_packets', '-of', 'json', path];
  const { streams } = JSON.parse((await run(ffprobe, args)).stdout) as {
    streams: { codec_type: string; width?: number; height?: number; duration: string; avg_frame_rate: string }[];
  };
  const picture = streams.find(({ codec_type }) => codec_type === 'video');
  const sound = streams.find(({ codec_type }) => codec_type === 'audio');
  if (!picture || !sound) return [`${path} has no picture or no sound`];
  const [frames, rate] = picture.avg_frame_rate.split('/').map(Number) as [number, number];
  const faults: string[] = [];
  if (picture.width !== 1080 || picture.height !== 1920) faults.push(`${path} is ${picture.width}x${picture.height}`);
  for (const { codec_type, duration } of [picture, sound])
    if (Math.abs(Number(duration) - seconds) > rate / frames + 0.03)
      faults.push(`${path}: ${codec_type} of ${duration} s for ${seconds.toFixed(2)} s of speech`);
  return faults;
}

/** Whether captions have all words in their order, each shown while it is said. */
function wrongWithCues(cues: readonly Cue[], words: readonly CaptionWord[]): string[] {
  const shown = cues.flatMap(({ from, to, text }) => text.split(/\s+/).map((word) => ({ word, from, to })));
  const said = words.map(({ text }) => text).join(' ');
  if (shown.map(({ word }) => word).join(' ') !== said)
    return [`captions "${shown.map(({ word }) => word).join(' ')}"`];
  const late = cues.map((cue) => {
    const first = shown.findIndex(({ from }) => from === cue.from);
    const last = shown.findLastIndex(({ from }) => from === cue.from);
    return Math.max(Math.abs(words[first]!.from - cue.from), words[last]!.to - cue.to);
  });
  const worst = Math.max(...late);
  return worst > NEAR ? [`a caption is ${(1000 * worst).toFixed(0)} ms away from its words`] : [];
}

/** Whether captions are seen where and while they are to be, and the rest of the picture is as it is without them. */
async function wrongWithPictures(
  cues: readonly Cue[],
  { burned, plain }: { readonly burned: string; readonly plain: string },
  tools: Tools,
): Promise<string[]> {
  const [one, other] = [await picturesOf(burned, tools), await picturesOf(plain, tools)];
  const faults: string[] = [];
  if (one.length !== other.length || one.length === 0) return [`${one.length} and ${other.length} pictures`];
  const differs = (k: number, from: number, to: number): number => {
    let count = 0;
    for (let at = Math.round(from * ROWS) * WIDTH; at < Math.round(to * ROWS) * WIDTH; at++)
      if (Math.abs(one[k]![at]! - other[k]![at]!) > BRIGHT) count++;
    return count;
  };
  const wrong = one.flatMap((_, k) => {
    const [begins, ends] = [k / RATE, (k + 1) / RATE];
    const shown = differs(k, BAND.from, BAND.to) >= FEWEST;
    const wanted = cues.some(({ from, to }) => from <= begins && to >= ends);
    const none = cues.every(({ from, to }) => from >= ends || to <= begins);
    return (wanted && !shown) || (none && shown) ? [k] : [];
  });
  if (wrong.length > 0) faults.push(`captions are not seen as they are written in pictures ${wrong.join(', ')}`);
  const elsewhere = Math.max(...one.map((_, k) => differs(k, 0, BAND.from) + differs(k, BAND.to, 1)));
  if (elsewhere > 0) faults.push(`${elsewhere} pixels are not the same outside of the captions`);
  const still = other.filter((picture, k) => k > 0 && Buffer.compare(picture, other[k - 1]!) === 0).length;
  if (still > other.length / 2) faults.push(`${still} of ${other.length} pictures stand still`);
  return faults;
}

/** Small and grey. */
async function picturesOf(path: string, { ffmpeg }: Tools): Promise<Buffer[]> {
  const how = ['-vf', `scale=${WIDTH}:${ROWS}:flags=area`, '-pix_fmt', 'gray', '-f', 'rawvideo', '-'];
  const asked = { maxBuffer: 2 ** 30, encoding: 'buffer' } as const;
  const { stdout: all } = await run(ffmpeg, ['-v', 'error', '-i', path, ...how], asked);
  const size = WIDTH * ROWS;
  return Array.from({ length: all.length / size }, (_, k) => all.subarray(k * size, (k + 1) * size));
}
