import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mediaTools } from '../likeness.ts';
import { shortSample } from '../short-sample.ts';
import { FRAMES, type OddFile, RATE } from './odd-file.ts';
import { ODD_FILES } from './odd-media.ts';
import { ask, type Came, done, fault, numbersOf, type Outcome, type Tally, type Tries } from './tally.ts';

const SECONDS = 4; // the shortest that an avatar is made of
const LONGER = 1.25; // the dub than its video
const MOST_OFF = 8; // grey levels, the mean of a corner of the picture

/** Odd files through `import` and `analyze`; those that show the base as it is, every fourth of them, through a dub. */
export async function countMedia(tally: Tally, tries: Tries): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'likeness-counts-'));
  try {
    const work = await Work.begin(folder);
    for (const number of numbersOf(tries, ODD_FILES.length)) {
      const odd = ODD_FILES[number]!;
      await tally.try(`${number} ${odd.name}`, () => work.through(odd, number % 4 === 0));
      rmSync(join(folder, 'file'), { recursive: true, force: true });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The base, an avatar of it, and a library for what is tried. */
class Work {
  readonly #folder: string;
  readonly #library: string;
  readonly #ffmpeg: string;
  readonly #corners: readonly number[];

  private constructor(folder: string, library: string, ffmpeg: string) {
    this.#folder = folder;
    this.#library = library;
    this.#ffmpeg = ffmpeg;
    this.#corners = this.#cornersOf(join(folder, 'base.mkv'));
  }

  static async begin(folder: string): Promise<Work> {
    const library = join(folder, 'library');
    mkdirSync(library);
    const { ffmpeg } = await mediaTools(library);
    const base = join(folder, 'base.mkv');
    const cut = ['-t', String(SECONDS), '-r', String(RATE), '-c:v', 'ffv1', '-c:a', 'pcm_s16le'];
    execFileSync(ffmpeg, ['-v', 'error', '-i', await shortSample(), ...cut, base]);
    execFileSync(ffmpeg, ['-v', 'error', '-i', base, '-crf', '14', join(folder, 'made.mp4')]);
    const work = new Work(folder, library, ffmpeg);
    for (const args of [
      ['import', base, '--consent', 'synthetic', '--name', 'base'],
      ['analyze', 'base'],
      ['train', 'base', '--preset', 'instant'],
    ]) {
      const came = await ask(library, args, 600);
      if (came.word !== 'done') throw new Error(`No avatar to dub with: ${came.word} ${JSON.stringify(came.answer)}`);
      if (args[0] === 'import')
        work.#avatar = join(library, 'projects', String(came.answer?.json.projectId), 'avatar.likeness');
    }
    return work;
  }
  #avatar = '';

  async through(odd: OddFile, dubs: boolean): Promise<Outcome> {
    const path = this.#make(odd);
    if (path === undefined) return { word: 'not made here' };
    const imported = await ask(this.#library, ['import', '--consent', 'synthetic', '--name', 'odd', '--', path]);
    if (imported.fault !== undefined) return imported;
    const wrong = unlike(odd, imported);
    if (wrong !== undefined || imported.word !== 'done') return wrong ?? { word: `refused: ${imported.word}` };
    const { projectId, source } = imported.answer!.json;
    const project = join(this.#library, 'projects', String(projectId));
    const analysed = await ask(this.#library, ['analyze', String(projectId)], 300);
    if (analysed.fault !== undefined) return analysed;
    if (analysed.word !== 'done')
      return odd.same
        ? fault(`analysis: ${analysed.word}`, JSON.stringify(analysed.answer?.json))
        : { word: `analysis refused: ${analysed.word}` };
    if (odd.same && analysed.answer!.json.states.good < FRAMES * 0.8)
      return fault('faces not found', JSON.stringify(analysed.answer!.json.states));
    if (!odd.same || !dubs) return done;
    copyFileSync(this.#avatar, join(project, 'avatar.likeness'));
    return this.#dub(String(projectId), source as { frames: number });
  }

  /** The dub has the length of its sound, longer than the video, and the base's colours in the corners. */
  async #dub(project: string, source: { frames: number }): Promise<Outcome> {
    const sound = join(this.#folder, 'sound.wav');
    execFileSync(this.#ffmpeg, ['-v', 'error', '-y', '-f', 'lavfi', '-i', `sine=d=${SECONDS * LONGER}`, sound]);
    const out = join(this.#folder, 'dub.mp4');
    const came = await ask(this.#library, ['export', project, '--audio', sound, '--out', out]);
    if (came.word !== 'done') return came.fault ? came : fault(`dub: ${came.word}`, JSON.stringify(came.answer?.json));
    const frames = Number(came.answer!.json.frames);
    if (Math.abs(frames - source.frames * LONGER) > 1) return fault('dub of another length', `${frames} frames`);
    const off = this.#cornersOf(out).map((value, place) => Math.abs(value - this.#corners[place]!));
    rmSync(out);
    return Math.max(...off) > MOST_OFF ? fault('dub of other colours', off.join(' ')) : { word: 'done, dubbed' };
  }

  #make(odd: OddFile): string | undefined {
    const path = join(this.#folder, 'file', odd.name);
    mkdirSync(join(this.#folder, 'file'));
    if (odd.bytes) writeFileSync(path, odd.bytes);
    else {
      const base = join(this.#folder, 'base.mkv');
      const places: Readonly<Record<string, string>> = { BASE: base, MADE: join(this.#folder, 'made.mp4') };
      const inputs = (odd.inputs ?? []).map((word) => places[word] ?? word);
      try {
        execFileSync(
          this.#ffmpeg,
          ['-nostdin', '-v', 'error', '-y', '-i', base, ...inputs, ...odd.args, `file:${path}`],
          { stdio: ['ignore', 'ignore', 'pipe'] },
        );
      } catch (error) {
        console.error(String((error as { stderr?: Buffer }).stderr).slice(0, 300));
        return undefined; // this ffmpeg has not got the encoder
      }
    }
    if (odd.cut) {
      const whole = readFileSync(path);
      const [first, last] = odd.cut.map((share) => Math.floor(share * whole.length));
      writeFileSync(path, whole.subarray(first, last));
    }
    return path;
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

function unlike(odd: OddFile, { word, answer }: Came): Outcome | undefined {
  const said = JSON.stringify(answer?.json);
  if (odd.takes === 'taken' && word !== 'done') return fault(`refused: ${word}`, said);
  if (odd.takes === 'refused' && word === 'done') return fault('taken, and should not be', said);
  const frames: unknown = answer?.json.source?.frames;
  if (word === 'done' && odd.frames !== undefined && frames !== odd.frames)
    return fault('miscounted', `${String(frames)} frames for ${odd.frames}`);
  return undefined;
}
