import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { TINY } from '../../src/main/studio/engine/bundles.fixture.ts';
import { tinyClip } from '../../src/main/studio/media/clips.fixture.ts';
import { openStudio, type Studio } from '../../src/main/studio/studio.ts';
import { writeVoice } from '../../src/main/studio/voices/voice.fixture.ts';
import { ODD_BESIDE } from './odd-beside.ts';
import type { OddInput } from './odd-input.ts';
import { ODD_TEXTS } from './odd-texts.ts';
import { ask, type Came, fault, got, numbersOf, type Outcome, type Tally, type Tries } from './tally.ts';

const ODD_INPUTS: readonly OddInput[] = [...ODD_TEXTS, ...ODD_BESIDE];
const LIMIT_S = 120;

/** Odd files in the place of all that is given beside a project's video; films are the tiny avatar's. */
export async function countInputs(tally: Tally, tries: Tries): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'likeness-counts-'));
  const studio = openStudio({ libraryDir: join(folder, 'library') });
  try {
    await studio.system.addModel(writeVoice(join(folder, 'hum.onnx')));
    await tinyClip(join(folder, 'clip.mp4'));
    const clip = { path: join(folder, 'clip.mp4'), name: 'odd', consent: { basis: 'synthetic' } } as const;
    const { projectId } = await studio.projects.importVideo(clip);
    copyFileSync(TINY, studio.library.paths.avatar(projectId));
    const { ffmpeg } = await studio.tools();
    for (const number of numbersOf(tries, ODD_INPUTS.length)) {
      const odd = ODD_INPUTS[number]!;
      const place = join(folder, 'odd');
      mkdirSync(place);
      execFileSync(ffmpeg, ['-v', 'error', '-f', 'lavfi', '-i', 'sine=d=0.8', join(place, 'sound.wav')]);
      await tally.try(`${number} ${odd.way} ${odd.name}`, () => given(studio, odd, join(place, odd.name), ffmpeg));
      rmSync(place, { recursive: true, force: true });
    }
  } finally {
    await studio.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function given(studio: Studio, odd: OddInput, path: string, ffmpeg: string): Promise<Outcome> {
  if (!make(odd, path, ffmpeg)) return { word: 'not made here' };
  const came = await WAYS[odd.way](studio, path);
  if (came.fault !== undefined) return came;
  if (odd.takes === 'taken' && came.word !== 'done') return fault(`refused: ${came.word}`, odd.name);
  if (odd.takes === 'refused' && came.word === 'done') return fault('taken, and should not be', odd.name);
  return { word: `${odd.way} ${came.word}` };
}

/** False where this ffmpeg has not got the encoder. */
function make({ made }: OddInput, path: string, ffmpeg: string): boolean {
  if ('args' in made) {
    const words = ['-nostdin', '-v', 'error', '-y', ...made.args, `file:${path}`];
    return spawnSync(ffmpeg, words, { stdio: 'ignore' }).status === 0;
  }
  if ('bytes' in made) writeFileSync(path, made.bytes);
  else if ('link' in made) symlinkSync(made.link, path);
  else if (made.is === 'folder') mkdirSync(path);
  else execFileSync('mkfifo', [path]);
  return true;
}

const film = { mode: 'portrait', height: 128 } as const;
const exported = (
  studio: Studio,
  path: string,
  asked: Partial<Parameters<Studio['avatars']['exportVideo']>[1]>,
): Promise<Outcome> => {
  const sound = { kind: 'path', path: join(dirname(path), 'sound.wav') } as const;
  const outPath = join(dirname(path), 'film.mp4');
  return got(() => studio.avatars.exportVideo('odd', { ...film, sound, outPath, ...asked }).result, LIMIT_S);
};
const command = (studio: Studio, ...words: string[]): Promise<Came> => ask(studio.library.paths.root, words, LIMIT_S);

const WAYS: Record<OddInput['way'], (studio: Studio, path: string) => Promise<Outcome>> = {
  captions: (studio, path) => exported(studio, path, { captions: { as: 'burn', file: path } }),
  background: (studio, path) => exported(studio, path, { background: { kind: 'file', path } }),
  sound: (studio, path) => exported(studio, path, { sound: { kind: 'path', path } }),
  script: (studio, path) => command(studio, 'say', '--text', path, '--out', join(dirname(path), 'said.wav')),
  list: async (studio, path) => {
    const came = await command(studio, 'export', '--list', path);
    const rows: readonly { readonly error: { readonly code: string } | null }[] = came.answer?.json?.rows ?? [];
    const failed = rows.find(({ error }) => error !== null)?.error?.code;
    return failed === undefined || failed === 'internal' ? came : { word: failed };
  },
  video: (studio, path) => command(studio, 'import', path, '--consent', 'synthetic'),
  voice: (studio, path) => got(() => studio.system.addModel(path), LIMIT_S),
  proof: (studio, path) => got(() => studio.consents.attach('odd', path), LIMIT_S),
};
