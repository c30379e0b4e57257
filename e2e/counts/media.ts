import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { openStudio, type Studio } from '../../src/main/studio/studio.ts';
import { shortSample } from '../short-sample.ts';
import { FRAMES, type OddFile, RATE } from './odd-file.ts';
import { ODD_FILES } from './odd-media.ts';
import { done, fault, got, numbersOf, type Outcome, type Tally, type Tries } from './tally.ts';

const consent = { basis: 'synthetic' } as const;
const SECONDS = 4; // the shortest that an avatar is made of
const LONGER = 1.25; // the dub than its video
const MOST_OFF = 8; // grey levels, the mean of a corner of the picture

/** Odd files through `import` and `analyze`; those that show the base as it is, every fourth of them, through a dub. */
export async function countMedia(tally: Tally, tries: Tries): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'likeness-counts-'));
  try {
    const work = await Work.begin(folder);
    try {
      for (const number of numbersOf(tries, ODD_FILES.length)) {
        const odd = ODD_FILES[number]!;
        await tally.try(`${number} ${odd.name}`, () => work.through(odd, number % 4 === 0));
        rmSync(join(folder, 'file'), { recursive: true, force: true });
      }
    } finally {
      await work.end();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The base, an avatar of it, and a studio for what is tried. */
class Work {
  readonly #folder: string;
  readonly #studio: Studio;
  readonly #ffmpeg: string;
  readonly #avatar: string;
  readonly #corners: readonly number[];

  private constructor(folder: string, studio: Studio, ffmpeg: string, avatar: string) {
    this.#folder = folder;
    this.#studio = studio;
    this.#ffmpeg = ffmpeg;
    this.#avatar = avatar;
    this.#corners = this.#cornersOf(join(folder, 'base.mkv'));
  }

  static async begin(folder: string): Promise<Work> {
    const studio = openStudio({ libraryDir: join(folder, 'library') });
    const { ffmpeg } = await studio.tools();
    const base = join(folder, 'base.mkv');
    const cut = ['-t', String(SECONDS), '-r', String(RATE), '-c:v', 'ffv1', '-c:a', 'pcm_s16le'];
    execFileSync(ffmpeg, ['-v', 'error', '-i', await shortSample(), ...cut, base]);
    execFileSync(ffmpeg, ['-v', 'error', '-i', base, '-crf', '14', join(folder, 'made.mp4')]);
    const { projectId } = await studio.projects.importVideo({ path: base, name: 'base', consent });
    await studio.training.analyze(projectId).result;
    await studio.training.train(projectId, { preset: 'instant', device: 'cpu' }).result;
    return new Work(folder, studio, ffmpeg, studio.avatars.path(projectId));
  }

  end(): Promise<void> {
    return this.#studio.close();
  }

  async through(odd: OddFile, dubs: boolean): Promise<Outcome> {
    const path = this.#make(odd);
    if (path === undefined) return { word: 'not made here' };
    const imported = await got(() => this.#studio.projects.importVideo({ path, name: 'odd', consent }));
    if (imported.fault !== undefined) return imported;
    const { value } = imported;
    const wrong = unlike(odd, imported.word, value?.source.frames);
    if (wrong !== undefined || value === undefined) return wrong ?? { word: `refused: ${imported.word}` };
    const analysed = await got(() => this.#studio.training.analyze(value.projectId).result, 300);
    if (analysed.fault !== undefined) return analysed;
    const good = analysed.value?.states.good ?? 0;
    if (!odd.same) return { word: analysed.value ? 'done' : `analysis refused: ${analysed.word}` };
    if (good < FRAMES * 0.8) return fault(`analysis: ${analysed.word}`, `${good} faces`);
    return dubs ? this.#dub(value.projectId) : done;
  }

  /** The dub has the length of its sound, which is longer than the video, and the base's colours in the corners. */
  async #dub(project: string): Promise<Outcome> {
    const path = join(this.#folder, 'sound.wav');
    execFileSync(this.#ffmpeg, ['-v', 'error', '-y', '-f', 'lavfi', '-i', `sine=d=${SECONDS * LONGER}`, path]);
    const outPath = join(this.#folder, 'dub.mp4');
    copyFileSync(this.#avatar, this.#studio.library.paths.avatar(project));
    const request = { sound: { kind: 'path', path }, outPath, mode: 'dub', height: 'source' } as const;
    const came = await got(() => this.#studio.avatars.exportVideo(project, request).result);
    if (came.value === undefined) return came.fault ? came : fault(`dub: ${came.word}`, '');
    const { frames } = came.value;
    if (Math.abs(frames - FRAMES * LONGER) > 1) return fault('dub of another length', `${frames} frames`);
    const off = this.#cornersOf(outPath).map((value, place) => Math.abs(value - this.#corners[place]!));
    rmSync(outPath);
    return Math.max(...off) > MOST_OFF ? fault('dub of other colours', off.join(' ')) : { word: 'done, dubbed' };
  }

  #make(odd: OddFile): string | undefined {
    const path = join(this.#folder, 'file', odd.name);
    mkdirSync(join(this.#folder, 'file'));
    if (odd.bytes) writeFileSync(path, odd.bytes);
    else if (!this.#drawn(odd, odd.args, path)) return undefined;
    if (odd.second) {
      const second = join(this.#folder, 'file', `second${extname(odd.name)}`);
      if (!this.#drawn(odd, odd.second, second)) return undefined;
      appendFileSync(path, readFileSync(second));
    }
    if (odd.link) {
      renameSync(path, `${path}.whole`);
      symlinkSync(`${path}.whole`, path);
    }
    if (odd.cut) {
      const whole = readFileSync(path);
      const [first, last] = odd.cut.map((share) => Math.floor(share * whole.length));
      writeFileSync(path, whole.subarray(first, last));
    }
    return path;
  }

  /** Whether this ffmpeg has got the encoder. */
  #drawn({ inputs = [] }: OddFile, args: readonly string[], path: string): boolean {
    const base = join(this.#folder, 'base.mkv');
    const places: Readonly<Record<string, string>> = { BASE: base, MADE: join(this.#folder, 'made.mp4') };
    const others = inputs.map((word) => places[word] ?? word);
    const line = ['-nostdin', '-v', 'error', '-y', '-i', base, ...others, ...args, `file:${path}`];
    try {
      execFileSync(this.#ffmpeg, line, { stdio: ['ignore', 'ignore', 'pipe'] });
      return true;
    } catch (error) {
      console.error(String((error as { stderr?: Buffer }).stderr).slice(0, 300));
      return false;
    }
  }

  /** Mean red, green and blue of the picture's upper corners, in its first frame. */
  #cornersOf(path: string): number[] {
    const corner = (place: string): number[] => {
      const filter = `crop=48:48:${place}:0,scale=1:1:flags=area`;
      const asked = ['-v', 'error', '-i', path, '-frames:v', '1', '-vf', filter, '-f', 'rawvideo', '-pix_fmt', 'rgb24'];
      return [...execFileSync(this.#ffmpeg, [...asked, '-'])];
    };
    return [...corner('0'), ...corner('in_w-48')];
  }
}

function unlike(odd: OddFile, word: string, frames: number | undefined): Outcome | undefined {
  if (odd.takes === 'taken' && word !== 'done') return fault(`refused: ${word}`, odd.args.join(' '));
  if (odd.takes === 'refused' && word === 'done') return fault('taken, and should not be', odd.args.join(' '));
  if (word === 'done' && odd.frames !== undefined && frames !== odd.frames)
    return fault('miscounted', `${frames} frames for ${odd.frames}`);
  return undefined;
}
