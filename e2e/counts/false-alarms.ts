/**
 * How often a watermark is seen where there is none: in two seconds of a video, as their mean, which is all that a
 * reader sees of them; of that a part, at a size and mirrored by chance. Sources are decoded once, for many looks.
 */
import { execFile } from 'node:child_process';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { SeededRandom } from '../../src/main/studio/engine/index.ts';
import { type MediaTools, probeVideo, readFrames } from '../../src/main/studio/media/index.ts';
import { tools as findTools } from '../../src/main/studio/media/clips.fixture.ts';
import { fitted, judged } from '../../src/main/studio/verify/watermark.ts';
import { find, type Plane, whitened } from '../../src/main/studio/watermark/index.ts';
import { clipsHere, DRAWN, inFolder, keep, type Look, looksBefore, ROWS } from './looks.ts';
import { fault, numbersOf, type Tally, type Tries } from './tally.ts';

const run = promisify(execFile);
const tools: MediaTools = findTools;
const UNMARKED = 2000;
const SECONDS = 2;
/** Of what is drawn. */
const DRAWN_SECONDS = 6;
/** Sources are kept no larger: a part of three quarters then has the most of ROWS. */
const MOST_ROWS = 960;

/** Looks for a watermark in 2,000 pieces that have none, and prints how the scores lie. */
export async function countFalseAlarms(tally: Tally, tries: Tries): Promise<void> {
  const looks = await looksBefore((look) => look.after === '');
  await inFolder(async (folder) => {
    const sources = await allMeans(folder);
    for (const number of numbersOf(tries, UNMARKED)) {
      if (looks.some(({ film }) => film === number)) continue;
      await tally.try(`unmarked ${number}`, async () => {
        const random = new SeededRandom(1000 + number);
        const { source, means } = sources[number % sources.length]!;
        const found = await find(whitened(part(means[Math.floor(random.next() * means.length)]!, random)));
        const { kind } = judged(found);
        const verdict = kind === 'found' ? 'read wrongly' : kind === 'likely' ? 'likely' : 'none';
        const look: Look = { film: number, after: '', source, score: found.score, verdict };
        looks.push(look);
        await keep([look]);
        return verdict === 'none' ? { word: verdict } : fault('false alarm', JSON.stringify(judged(found)));
      });
    }
  });
  const scores = looks.map(({ score }) => score).toSorted((a, b) => a - b);
  const at = (share: number): string => scores[Math.floor(share * (scores.length - 1))]!.toFixed(2);
  const alarms = looks.filter(({ verdict }) => verdict !== 'none').length;
  console.log(`${alarms} false alarms of ${scores.length}`);
  console.log(`scores: median ${at(0.5)}, 99 % ${at(0.99)}, 99.9 % ${at(0.999)}, most ${at(1)}`);
}

interface Means {
  readonly source: string;
  /** Of two seconds each, a second apart. */
  readonly means: readonly Plane[];
}

async function allMeans(folder: string): Promise<Means[]> {
  const all: Means[] = [];
  for (const clip of await clipsHere()) all.push({ source: basename(clip), means: await meansOf(clip) });
  for (const drawn of DRAWN) {
    const path = join(folder, 'drawn.mkv');
    const coded = ['-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '10'];
    const long = ['-t', String(DRAWN_SECONDS)];
    await run(tools.ffmpeg, ['-v', 'error', '-y', '-f', 'lavfi', '-i', drawn, ...long, ...coded, path]);
    all.push({ source: drawn.split('=')[0]!, means: await meansOf(path) });
  }
  return all;
}

async function meansOf(path: string): Promise<Plane[]> {
  const video = await probeVideo(tools, path);
  const { frames, fps, width: wide, height: high } = video.source;
  const even = (side: number): number => 2 * Math.round((side * Math.min(1, MOST_ROWS / high)) / 2);
  const size = { width: even(wide), height: even(high) };
  const count = size.width * size.height;
  const means: Plane[] = [];
  const together = Math.round(SECONDS * fps);
  for (let start = 0; start + together <= frames; start += Math.round(fps)) {
    const total = new Float32Array(count);
    const wish = { size, pixelFormat: 'yuv420p', start, stop: start + together } as const;
    for await (const { pixels } of readFrames(tools, video, wish))
      for (let at = 0; at < count; at++) total[at] = total[at]! + pixels[at]!;
    means.push({ ...size, values: total.map((sum) => sum / together) });
  }
  return means;
}

/** Three quarters of the sides or more, anywhere, as the reader would have it of a film of some size. */
function part({ width, height, values }: Plane, random: SeededRandom): Plane {
  const rows = ROWS[Math.floor(random.next() * ROWS.length)]!;
  const kept = 0.75 + 0.25 * random.next();
  const [across, down] = [kept * width, kept * height];
  const [left, top] = [random.next() * (width - across), random.next() * (height - down)];
  const mirrored = random.next() < 0.5;
  const size = fitted({ width: (rows * width) / height, height: rows });
  const [stepX, stepY] = [across / size.width, down / size.height];
  const taps = Math.max(1, Math.ceil(Math.max(stepX, stepY)));
  const level = (x: number, y: number): number => {
    const [column, row] = [Math.floor(x), Math.floor(y)];
    const at = (c: number, r: number): number =>
      values[Math.min(height - 1, Math.max(0, r)) * width + Math.min(width - 1, Math.max(0, c))]!;
    const [right, below] = [x - column, y - row];
    const upper = at(column, row) * (1 - right) + at(column + 1, row) * right;
    return upper * (1 - below) + (at(column, row + 1) * (1 - right) + at(column + 1, row + 1) * right) * below;
  };
  const scaled = Float32Array.from({ length: size.width * size.height }, (_, place) => {
    const column = place % size.width;
    const row = Math.floor(place / size.width);
    const across0 = mirrored ? size.width - 1 - column : column;
    let sum = 0;
    for (let j = 0; j < taps; j++)
      for (let i = 0; i < taps; i++)
        sum += level(left + (across0 + (i + 0.5) / taps) * stepX - 0.5, top + (row + (j + 0.5) / taps) * stepY - 0.5);
    return sum / taps ** 2;
  });
  return { ...size, values: scaled };
}
