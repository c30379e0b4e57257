import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SeededRandom } from '../../src/main/studio/engine/numbers/random.ts';
import { mediaTools } from '../likeness.ts';
import { shortSample } from '../short-sample.ts';
import { trainedSample } from '../trained-sample.ts';
import { ask, fault, numbersOf, type Outcome, type Tally, type Tries } from './tally.ts';

const ALL = 200;
const RATE = 8; // frames a second: few are enough
const ENDINGS = ['mp4', 'mov', 'mkv', 'avi', 'ts', 'flv', 'nut', 'mpg', 'webm'];
const LOOK = ['streams', 'Sample'] as const;
/** Who reads which file of a library; a finished training's run is read by none. */
const READERS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\.db$/, ['jobs', 'list']],
  [/avatar\.likeness$/, ['export', 'Sample', '--audio', 'sound.wav', '--out', 'film.mp4', '--mode', 'portrait']],
  [/source\.mp4$/, ['export', 'Sample', '--audio', 'sound.wav', '--out', 'film.mp4']],
  [/analysis\//, ['train', 'Sample', '--preset', 'instant']],
  [/./, LOOK],
];

/** One bit of a video (even numbers) or of a library's file (odd ones) is another. */
export async function countFlips(tally: Tally, tries: Tries): Promise<void> {
  const { library: whole } = await trainedSample();
  const folder = mkdtempSync(join(tmpdir(), 'likeness-counts-'));
  const library = join(folder, 'library');
  try {
    const { ffmpeg } = await mediaTools(whole);
    const make = (path: string, ...args: string[]) => execFileSync(ffmpeg, ['-v', 'error', '-y', ...args, path]);
    make(join(whole, 'sound.wav'), '-f', 'lavfi', '-i', 'sine=d=1');
    const sample = await shortSample();
    for (const ending of ENDINGS) make(join(folder, `video.${ending}`), '-i', sample, ...inVideo(ending));
    for (const seed of numbersOf(tries, ALL)) {
      const random = new SeededRandom(seed * 3571 + 7);
      if (seed % 2 === 0) {
        const ending = ENDINGS[(seed / 2) % ENDINGS.length]!;
        const path = join(folder, `flipped.${ending}`);
        cpSync(join(folder, `video.${ending}`), path);
        const at = flip(path, random, (seed / 2) % 4 === 0);
        mkdirSync(library, { recursive: true });
        await tally.try(`${seed} ${ending} bit ${at}`, () => readVideo(library, path));
      } else {
        cpSync(whole, library, { recursive: true });
        const names = readdirSync(library, { recursive: true, encoding: 'utf8' }).filter(
          (name) => !name.endsWith('sound.wav') && statSync(join(library, name)).isFile(),
        );
        // Every file as often as any other, whatever its size.
        const file = names[Math.floor(random.next() * names.length)]!;
        const at = flip(join(library, file), random, random.next() < 0.5);
        await tally.try(`${seed} ${file} bit ${at}`, () => readLibrary(library, file));
      }
      rmSync(library, { recursive: true, force: true, maxRetries: 5 });
    }
  } finally {
    for (const each of [folder, whole]) rmSync(each, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** MPEG-1's own rates begin at 24. */
function inVideo(ending: string): string[] {
  const rate = ending === 'mpg' ? [] : ['-r', String(RATE)];
  return [...rate, '-bf', '0', '-ar', ending === 'flv' ? '44100' : '48000'];
}

async function readVideo(library: string, path: string): Promise<Outcome> {
  const imported = await ask(library, ['import', path, '--consent', 'synthetic', '--name', 'flipped']);
  if (imported.fault !== undefined || imported.word !== 'done') return imported;
  const analysed = await ask(library, ['analyze', 'flipped']);
  return analysed.fault === undefined ? { word: `video ${analysed.word}` } : analysed;
}

async function readLibrary(library: string, file: string): Promise<Outcome> {
  const [, args] = READERS.find(([name]) => name.test(file))!;
  const words = args.map((word) => (/\.(wav|mp4)$/.test(word) ? join(library, word) : word));
  const came = await ask(library, words, 900); // some of them train
  if (came.fault !== undefined) return came;
  // Whatever is damaged, the project is there, or comes back.
  const looked = args[0] === LOOK[0] ? came : await ask(library, LOOK);
  if (looked.fault !== undefined) return looked;
  if (looked.word === 'done') return { word: `library ${came.word}` };
  const restored = await ask(library, ['library', 'restore']);
  if (restored.word !== 'done') return fault(`not restored: ${restored.word}`, JSON.stringify(restored.answer?.json));
  const again = await ask(library, LOOK);
  return again.word === 'done' ? { word: 'library restored' } : fault('lost', `${looked.word}, then ${again.word}`);
}

/** Turns one bit of a file over, among the first four thousand bytes where asked; which. */
function flip(path: string, random: SeededRandom, early: boolean): number {
  const content = readFileSync(path);
  const bits = 8 * (early ? Math.min(4096, content.length) : content.length);
  const bit = Math.floor(random.next() * bits);
  if (bits > 0) content[bit >> 3]! ^= 1 << (bit & 7);
  writeFileSync(path, content);
  return bit;
}
