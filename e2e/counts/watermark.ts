/**
 * How films' watermark comes through what is done to films, and how often it is seen where there is none. The films are
 * pieces of the videos in the folder LIKENESS_CLIPS, and drawn ones. Results: docs/decisions/marking.md.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SeededRandom } from '../../src/main/studio/engine/index.ts';
import { type MediaTools, openVideoSink, probeVideo, readFrames } from '../../src/main/studio/media/index.ts';
import { tools as findTools } from '../../src/main/studio/media/clips.fixture.ts';
import { judged, planeOf } from '../../src/main/studio/verify/watermark.ts';
import { encode, find, type Found, type Message, Watermark } from '../../src/main/studio/watermark/index.ts';
import { attacks } from './attacks.ts';
import { done, fault, numbersOf, type Outcome, type Tally, type Tries } from './tally.ts';

const run = promisify(execFile);
const tools: MediaTools = findTools;
const FILMS = 200;
const UNMARKED = 2000;
const ROWS = [360, 480, 540, 720] as const;
/** What ffmpeg draws. */
const DRAWN = [
  'gradients=s=640x480:r=25:n=4:speed=.02',
  'mandelbrot=s=640x480:r=25',
  'testsrc2=s=640x480:r=25',
  'cellauto=s=640x480:r=25:rule=110',
] as const;

/** Marks 200 films and does to each everything there is; prints a row for each. */
export async function countWatermarks(tally: Tally, tries: Tries): Promise<void> {
  const rows = new Map<string, { found: number; read: number; wrong: number; bits: number[]; scores: number[] }>();
  const psnrs: number[] = [];
  await inFolder(async (folder) => {
    for (const number of numbersOf(tries, FILMS)) {
      const random = new SeededRandom(number);
      const film = join(folder, 'film.mp4');
      const message: Message = { version: 1, avatar: hexOf(random, 9) };
      const began = await made(await piece(folder, number, 5 + Math.floor(random.next() * 3)), film, message);
      psnrs.push(began);
      for (const [name, attack] of Object.entries(attacks)) {
        await tally.try(`film ${number} ${name}`, async () => {
          const file = join(folder, name === 'vp9' ? 'attacked.webm' : 'attacked.mp4');
          await run(tools.ffmpeg, ['-v', 'error', '-y', '-i', film, ...attack, '-an', file]);
          const seen = await find(await planeOf(tools, file));
          const row = rows.get(name) ?? { found: 0, read: 0, wrong: 0, bits: [], scores: [] };
          rows.set(name, row);
          return counted(row, seen, message);
        });
      }
    }
  });
  psnrs.sort((a, b) => a - b);
  console.log(`PSNR of the luma: least ${psnrs[0]?.toFixed(1)}, median ${psnrs[psnrs.length >> 1]?.toFixed(1)} dB`);
  console.log(
    '| done to it | films | found | read | read wrongly | bits right | least score |\n|---|---|---|---|---|---|---|',
  );
  for (const [name, { found, read, wrong, bits, scores }] of rows) {
    const right = bits.reduce((sum, share) => sum + share, 0) / bits.length;
    const cells = [
      name,
      bits.length,
      found,
      read,
      wrong,
      `${(100 * right).toFixed(1)} %`,
      Math.min(...scores).toFixed(1),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

function counted(
  row: { found: number; read: number; wrong: number; bits: number[]; scores: number[] },
  seen: Found,
  message: Message,
): Outcome {
  const coded = encode(message);
  row.bits.push(seen.soft.filter((value, bit) => value * coded[bit]! > 0).length / coded.length);
  row.scores.push(seen.score);
  const verdict = judged(seen);
  if (verdict.kind === 'none') return { word: 'missed' };
  row.found += 1;
  if (verdict.kind === 'likely') return { word: 'found, not read' };
  if (verdict.kind === 'found' && verdict.avatar !== message.avatar) {
    row.wrong += 1;
    return fault('read wrongly', JSON.stringify(verdict));
  }
  row.read += 1;
  return done;
}

/** Looks for a watermark in 2,000 pieces that have none, and prints how the scores lie. */
export async function countFalseAlarms(tally: Tally, tries: Tries): Promise<void> {
  const scores: number[] = [];
  await inFolder(async (folder) => {
    for (const number of numbersOf(tries, UNMARKED))
      await tally.try(`unmarked ${number}`, async () => {
        const seen = await find(await planeOf(tools, await piece(folder, number, 2)));
        scores.push(seen.score);
        const { kind } = judged(seen);
        return kind === 'none' ? { word: 'none' } : fault('false alarm', JSON.stringify(judged(seen)));
      });
  });
  scores.sort((a, b) => a - b);
  const at = (share: number): string => scores[Math.floor(share * (scores.length - 1))]!.toFixed(2);
  console.log(`scores of ${scores.length}: median ${at(0.5)}, 99 % ${at(0.99)}, 99.9 % ${at(0.999)}, most ${at(1)}`);
}

/** A piece of one of the sources: its size, place, cut and mirror are the number's. */
async function piece(folder: string, number: number, seconds: number): Promise<string> {
  const random = new SeededRandom(1000 + number);
  const clips = await clipsHere();
  const which = number % (clips.length + DRAWN.length);
  const path = join(folder, 'piece.mkv');
  const rows = ROWS[Math.floor(random.next() * ROWS.length)]!;
  const keep = 0.75 + 0.25 * random.next();
  const begin = random.next();
  const cut = `crop=iw*${keep}:ih*${keep}:(iw-ow)*${random.next()}:(ih-oh)*${random.next()}`;
  const look = [cut, `scale=-2:${rows}`, random.next() < 0.5 ? 'hflip' : 'null'].join(',');
  const clip = clips[which];
  const length = clip === undefined ? seconds + 4 : (await probeVideo(tools, clip)).source.duration;
  const from = Math.max(0, length - seconds) * begin;
  const source = clip === undefined ? ['-f', 'lavfi', '-i', DRAWN[which - clips.length]!] : ['-i', clip];
  const coded = ['-an', '-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '10'];
  const repeat = clip === undefined ? [] : ['-stream_loop', '-1'];
  const start = ['-ss', from.toFixed(2)];
  await run(tools.ffmpeg, [
    '-v',
    'error',
    '-y',
    ...repeat,
    ...start,
    ...source,
    '-t',
    `${seconds}`,
    '-vf',
    look,
    ...coded,
    path,
  ]);
  return path;
}

const clipsHere = async (): Promise<string[]> => {
  const folder = process.env['LIKENESS_CLIPS'];
  if (!folder) return [];
  return (await readdir(folder))
    .filter((name) => name.endsWith('.mp4'))
    .toSorted()
    .map((name) => join(folder, name));
};

/** Marks a piece as an export is marked and coded; the peak signal-to-noise ratio of what the watermark adds, dB. */
async function made(source: string, path: string, message: Message): Promise<number> {
  const video = await probeVideo(tools, source);
  const even = (side: number): number => side - (side % 2); // as frames of `yuv420p` are read
  const size = { width: even(video.source.width), height: even(video.source.height) };
  const watermark = new Watermark(size, message);
  const sink = openVideoSink(tools, { path, ...size, fps: video.source.fps, pixelFormat: 'yuv420p' });
  const luma = size.width * size.height;
  let squares = 0;
  let count = 0;
  for await (const { pixels } of readFrames(tools, video, { pixelFormat: 'yuv420p' })) {
    const before = pixels.slice(0, luma);
    watermark.lay(pixels, 'yuv420p');
    for (let at = 0; at < luma; at += 7) squares += (pixels[at]! - before[at]!) ** 2;
    count += Math.ceil(luma / 7);
    await sink.write(pixels);
  }
  await sink.finish();
  return 10 * Math.log10(255 ** 2 / (squares / count));
}

const hexOf = (random: SeededRandom, digits: number): string =>
  Array.from({ length: digits }, () => Math.floor(random.next() * 16).toString(16)).join('');

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'likeness-watermark-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
