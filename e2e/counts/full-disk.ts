import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, statfsSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mediaTools } from '../likeness.ts';
import { shortSample } from '../short-sample.ts';
import { trainedSample } from '../trained-sample.ts';
import { lostIn } from './library-state.ts';
import { ask, fault, numbersOf, type Outcome, type Tally, type Tries } from './tally.ts';

const KB = 1000;
const MB = 1e6;

interface Place {
  readonly args: readonly string[];
  /** Bytes that are free when it begins. */
  readonly left: number;
  /** When what is free is filled to the last byte, seconds after the start. */
  readonly filledAfter?: number;
  /** It begins on a library without anything. */
  readonly fresh?: true;
  /** Its database is empty when it begins. */
  readonly damaged?: true;
}

const IMPORT = ['import', 'SAMPLE', '--consent', 'synthetic', '--name', 'Other'];
const ANALYZE = ['analyze', 'Sample'];
const INSTANT = ['train', 'Sample', '--preset', 'instant'];
const DRAFT = ['train', 'Sample', '--preset', 'draft', '--minutes', '.3'];
const PORTRAIT = ['export', 'Sample', '--audio', 'SOUND', '--out', 'OUT', '--mode', 'portrait'];
const DUB = ['export', 'Sample', '--audio', 'SOUND', '--out', 'OUT'];
const PLACES: readonly Place[] = [
  ...[0, 20 * KB, 100 * KB].map((left): Place => ({ args: ['jobs', 'list'], left, fresh: true })),
  ...[0, 100 * KB, 400 * KB, 700 * KB].map((left) => ({ args: IMPORT, left })),
  { args: IMPORT, left: 10 * MB, filledAfter: 0.6 },
  ...[0, 100 * KB, 600 * KB, 3 * MB].map((left) => ({ args: ANALYZE, left })),
  { args: ANALYZE, left: 100 * MB, filledAfter: 4 },
  { args: ANALYZE, left: 100 * MB, filledAfter: 8 },
  ...[0, 5 * MB, 30 * MB].map((left) => ({ args: INSTANT, left })),
  { args: INSTANT, left: 200 * MB, filledAfter: 8 },
  { args: DRAFT, left: 80 * MB },
  { args: DRAFT, left: 300 * MB, filledAfter: 25 },
  ...[0, 200 * KB].map((left) => ({ args: PORTRAIT, left })),
  { args: DUB, left: 50 * KB },
  { args: DUB, left: 10 * MB, filledAfter: 3 },
  { args: ['evaluate', 'Sample'], left: 0 },
  { args: ['bundle', 'import', 'AVATAR', '--name', 'Other'], left: MB },
  { args: ['motion', 'Sample', '--audio', 'SOUND', '--out', 'OUT.safetensors'], left: 0 },
  { args: ['library', 'restore'], left: 0, damaged: true },
];

/** Jobs on a disk that is full, or fills under them; with room again the same command is done. Mounts a tmpfs. */
export async function countFullDisks(tally: Tally, tries: Tries): Promise<void> {
  const { library: whole, project } = await trainedSample();
  const disk = mkdtempSync(join(tmpdir(), 'likeness-disk-'));
  try {
    const { ffmpeg } = await mediaTools(whole);
    execFileSync(ffmpeg, ['-v', 'error', '-f', 'lavfi', '-i', 'sine=d=4', join(whole, 'sound.wav')]);
    const files: Readonly<Record<string, string>> = {
      SAMPLE: await shortSample(),
      SOUND: join(whole, 'sound.wav'),
      AVATAR: join(whole, 'projects', project, 'avatar.likeness'),
      OUT: join(disk, 'film.mp4'),
      'OUT.safetensors': join(disk, 'motion.safetensors'),
    };
    for (const number of numbersOf(tries, PLACES.length)) {
      const place = PLACES[number]!;
      if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=900m', 'tmpfs', disk]).status !== 0)
        return console.log('disk: needs the right to mount a file system');
      const library = join(disk, 'library');
      try {
        if (place.fresh) mkdirSync(library);
        else cpSync(whole, library, { recursive: true });
        if (place.damaged) truncateSync(join(library, 'library.db'));
        const args = place.args.map((word) => files[word] ?? word);
        const when = place.filledAfter === undefined ? '' : `, filled after ${place.filledAfter} s`;
        const what = `${number} ${place.args.slice(0, 4).join(' ')}, ${place.left / KB} kB left${when}`;
        await tally.try(what, () => onDisk(disk, library, args, place));
      } finally {
        execFileSync('umount', ['-l', disk]);
      }
    }
  } finally {
    for (const folder of [disk, whole]) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function onDisk(disk: string, library: string, args: readonly string[], place: Place): Promise<Outcome> {
  fill(disk, 'filler', place.left);
  const filling =
    place.filledAfter === undefined ? undefined : setTimeout(() => fill(disk, 'more', 0), place.filledAfter * 1000);
  const came = await ask(library, args, 400);
  clearTimeout(filling);
  if (came.fault !== undefined) return came;
  if (!/^(done|disk-full)$/.test(came.word)) return fault(came.word, JSON.stringify(came.answer?.json));
  for (const name of ['filler', 'more']) rmSync(join(disk, name), { force: true });
  const lost = place.fresh || place.damaged ? undefined : await lostIn(library);
  if (lost !== undefined) return fault('lost', lost);
  if (came.word === 'done') return came;
  const again = await ask(library, args, 400);
  if (again.word !== 'done') return fault(`with room again: ${again.word}`, JSON.stringify(again.answer?.json));
  const lostAfter = place.damaged ? await lostIn(library) : undefined;
  return lostAfter === undefined ? came : fault('lost', lostAfter);
}

/** Takes all that is free but `left` bytes. */
function fill(disk: string, name: string, left: number): void {
  const { bavail, bsize } = statfsSync(disk);
  const bytes = bavail * bsize - left;
  if (bytes > 0) execFileSync('fallocate', ['-l', String(bytes), join(disk, name)]);
}
