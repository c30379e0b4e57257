/**
 * How films' watermark comes through what is done to films. The films are pieces of the videos in the folder
 * LIKENESS_CLIPS, and drawn ones. Results: docs/decisions/marking.md.
 */
import { execFile } from 'node:child_process';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { SeededRandom } from '../../src/main/studio/engine/index.ts';
import { type MediaTools, openVideoSink, probeVideo, readFrames } from '../../src/main/studio/media/index.ts';
import { tools as findTools } from '../../src/main/studio/media/clips.fixture.ts';
import { judged, planeOf } from '../../src/main/studio/verify/watermark.ts';
import { encode, find, type Found, type Message, Watermark } from '../../src/main/studio/watermark/index.ts';
import { attacks } from './attacks.ts';
import { clipsHere, DRAWN, inFolder, keep, type Look, looksBefore, ROWS } from './looks.ts';
import { fault, numbersOf, type Tally, type Tries } from './tally.ts';

const run = promisify(execFile);
const tools: MediaTools = findTools;
const FILMS = 200;
/** Pixels below which films are small, carry a stronger watermark, and are told by themselves too. */
const SMALL = (4.6 * 104) ** 2;

/** Marks 200 films and does to each everything there is; prints a row for each. */
export async function countWatermarks(tally: Tally, tries: Tries): Promise<void> {
  const looks = await looksBefore((look) => look.after !== '');
  await inFolder(async (folder) => {
    for (const number of numbersOf(tries, FILMS)) {
      if (looks.some(({ film }) => film === number)) continue;
      const random = new SeededRandom(number);
      const message: Message = { version: 1, avatar: hexOf(random, 9) };
      const { path, source } = await piece(folder, number, 5 + Math.floor(random.next() * 3));
      const film = join(folder, 'film.mp4');
      const { pixels, psnr } = await made(path, film, message);
      const ofFilm: Look[] = [];
      for (const [name, how] of Object.entries(attacks))
        await tally.try(`film ${number} ${name}`, async () => {
          const attacked = join(folder, name === 'vp9' ? 'attacked.webm' : 'attacked.mp4');
          await run(tools.ffmpeg, ['-v', 'error', '-y', '-i', film, ...how, attacked]);
          const found = await find(await planeOf(tools, attacked));
          const look = { ...lookOf(found, message), film: number, after: name, source, pixels, psnr };
          ofFilm.push(look);
          if (look.verdict === 'read wrongly') return fault(look.verdict, JSON.stringify(found.message));
          return { word: look.verdict };
        });
      looks.push(...ofFilm);
      await keep(ofFilm);
    }
  });
  printed(looks);
}

function lookOf(found: Found, message: Message): Pick<Look, 'score' | 'verdict' | 'bits'> {
  const coded = encode(message);
  const bits = found.soft.filter((value, bit) => value * coded[bit]! > 0).length / coded.length;
  const seen = judged(found);
  if (seen.kind !== 'found') return { score: found.score, bits, verdict: seen.kind === 'likely' ? 'likely' : 'none' };
  return { score: found.score, bits, verdict: seen.avatar === message.avatar ? 'read' : 'read wrongly' };
}

function printed(looks: readonly Look[]): void {
  const psnrs = [...new Map(looks.map(({ film, psnr }) => [film, psnr ?? NaN])).values()].toSorted((a, b) => a - b);
  console.log(`PSNR of the luma: least ${psnrs[0]?.toFixed(1)}, median ${psnrs[psnrs.length >> 1]?.toFixed(1)} dB`);
  console.log('| done to it | films | found | read | read wrongly | bits right | least score |');
  console.log('|---|---|---|---|---|---|---|');
  const row = (name: string, those: readonly Look[]): void => {
    const number = (...verdicts: readonly Look['verdict'][]): number =>
      those.filter(({ verdict }) => verdicts.includes(verdict)).length;
    const right = those.reduce((sum, { bits }) => sum + (bits ?? 0), 0) / those.length;
    const least = Math.min(...those.map(({ score }) => score));
    const found = number('likely', 'read', 'read wrongly');
    const cells = [name, those.length, found, number('read'), number('read wrongly')];
    console.log(`| ${[...cells, `${(100 * right).toFixed(1)} %`, least.toFixed(1)].join(' | ')} |`);
  };
  for (const [name, those] of Map.groupBy(looks, ({ after }) => after)) row(name, those);
  for (const [source, those] of Map.groupBy(looks, (look) => look.source)) row(source, those);
  const small = looks.filter(({ pixels = Infinity }) => pixels < SMALL);
  for (const [name, those] of Map.groupBy(small, ({ after }) => after)) row(`small, ${name}`, those);
}

/** A piece of one of the sources: its size, place, cut and mirror are the number's. */
async function piece(folder: string, number: number, seconds: number): Promise<{ path: string; source: string }> {
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
  const drawn = DRAWN[which - clips.length]!;
  const input = clip === undefined ? ['-f', 'lavfi', '-i', drawn] : ['-i', clip];
  const repeat = clip === undefined ? [] : ['-stream_loop', '-1'];
  const start = [...repeat, '-ss', from.toFixed(2)];
  const coded = ['-an', '-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '10'];
  const long = ['-t', `${seconds}`, '-vf', look];
  await run(tools.ffmpeg, ['-v', 'error', '-y', ...start, ...input, ...long, ...coded, path]);
  return { path, source: clip === undefined ? drawn.split('=')[0]! : basename(clip) };
}

/** Marks a piece as an export is marked and coded; `psnr`, dB, is of what the watermark adds. */
async function made(source: string, path: string, message: Message): Promise<{ pixels: number; psnr: number }> {
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
  return { pixels: luma, psnr: 10 * Math.log10(255 ** 2 / (squares / count)) };
}

const hexOf = (random: SeededRandom, digits: number): string =>
  Array.from({ length: digits }, () => Math.floor(random.next() * 16).toString(16)).join('');
