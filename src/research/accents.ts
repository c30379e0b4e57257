/**
 * How an avatar's person moves with the accents of their own speech, and what that makes of natural motion:
 * `node src/research/accents.ts FILE.likeness [SOUND...]`. Each sound is also put under the person's own picture, where
 * nothing should be found; and natural motion is made for it with and without it, with ten seeds.
 */
import { join } from 'node:path';
import { openAvatar } from '../main/studio/engine/index.ts';
import {
  type Coupling,
  GRID_RATE,
  type HeadHabit,
  learnBlinks,
  learnSpeechHabits,
  NaturalMotion,
  nodAndTurn,
  withoutPosture,
} from '../main/studio/engine/manner/index.ts';
import { correlation } from '../main/studio/engine/numbers/ridge.ts';
import { type Accents, findAccents } from '../main/studio/engine/speech/index.ts';
import { locateMediaTools, readSound, soundSeconds } from '../main/studio/media/index.ts';

const SEEDS = 10;
const LAGS = [-0.6, -0.4, -0.2, 0, 0.2, 0.4, 0.6];
const DEGREES = 180 / Math.PI;

const [file, ...sounds] = process.argv.slice(2);
if (file === undefined) throw new Error('Which avatar? node src/research/accents.ts FILE.likeness [SOUND...]');
const tools = await locateMediaTools(join(import.meta.dirname, '..', '..', 'trainer', '.venv'));
const avatar = await openAvatar(file, { graph: 'best' });
try {
  const { idle, rig } = avatar;
  if (!idle.heard)
    throw new Error('The sound of its video is not its person’s, or the avatar was made before it was kept.');
  const own = findAccents(idle.heard);
  const blinks = learnBlinks(idle, rig);
  const learnt = (accents: Accents) => learnSpeechHabits(idle, rig, blinks, accents);
  const { head, brows, blinks: pauses } = learnt(own);
  console.log(
    [
      `head (nod, turn): ${said(head?.coupling)}`,
      `brows: ${said(brows?.coupling)}`,
      `blinks: ${blinks.onsets.length}, in pauses z ${pauses.z.toFixed(1)}`,
    ].join('\n'),
  );
  head?.coupling.responses.forEach((response, signal) => {
    const around = LAGS.map((lag) => `${lag} s ${(response.at(Float32Array.of(5, 1), 5 + lag) * DEGREES).toFixed(2)}`);
    console.log(`${signal === 0 ? 'nod' : 'turn'} around a usual accent, degrees: ${around.join(', ')}`);
  });
  if (head) {
    const followsOwn = head.moves.map((move, signal) => correlation(expected(head, signal, own, move.length), move));
    console.log(`own movement and its accents, all frames: r ${texts(followsOwn)}`);
  }
  for (const path of sounds) {
    const sound = await readSound(tools, path);
    const { accents } = await avatar.speak(sound.samples, avatar.manifest.source.fps, 1);
    const wrong = learnt(accents);
    const chance = (habit: { readonly coupling: Coupling } | undefined) => habit?.coupling.z.toFixed(1) ?? '-';
    console.log(`${path}: ${accents.length / 2} syllables`);
    console.log(`  under the own picture: head z ${chance(wrong.head)}, brows z ${chance(wrong.brows)}`);
    if (head)
      for (const [name, heard] of [
        ['without', undefined],
        ['with', accents],
      ] as const)
        console.log(`  natural motion ${name} it: r ${texts(followed(head, accents, heard, soundSeconds(sound)))}`);
  }
} finally {
  await avatar.close();
}

/** r of nods and turns with what the accents of a sound would bring; mean over the seeds. */
function followed(head: HeadHabit, accents: Accents, heard: Accents | undefined, seconds: number): number[] {
  const sums = [0, 0];
  for (let seed = 1; seed <= SEEDS; seed++) {
    const motion = new NaturalMotion(avatar.idle, avatar.rig, seed, heard);
    const moved = Array.from({ length: Math.floor(seconds * GRID_RATE) }, (_, k) =>
      nodAndTurn(motion.at(k / GRID_RATE).rotation),
    );
    sums.forEach((_, signal) => {
      const move = withoutPosture(
        Float64Array.from(moved, (both) => both[signal]!),
        GRID_RATE,
      );
      sums[signal]! += correlation(expected(head, signal, accents, move.length), move) / SEEDS;
    });
  }
  return sums;
}

function expected({ coupling }: HeadHabit, signal: number, accents: Accents, moments: number): Float64Array {
  return Float64Array.from({ length: moments }, (_, k) => coupling.responses[signal]!.at(accents, k / GRID_RATE));
}

function said(coupling: Coupling | undefined): string {
  if (!coupling) return 'too little to learn from';
  const { r, folds, z, share, responses } = coupling;
  const lags = texts(responses.map(({ lag }) => lag));
  const each = folds.map(texts).join('; ');
  return `r ${texts(r)} (folds ${each}), lag ${lags} s, z ${z.toFixed(1)}, share ${share.toFixed(2)}`;
}

function texts(values: readonly number[]): string {
  return values.map((value) => value.toFixed(2)).join(' ');
}
