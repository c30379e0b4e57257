/**
 * Whether lips meet where a voice says p, b and m: by hearing its sound alone, and by when it says them.
 * `node src/research/closures.ts FILE.likeness TIMES.json...`; each TIMES.json is of `say --times`, beside its .wav.
 */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Avatar, openAvatar } from '../main/studio/engine/index.ts';
import { LipGap } from '../main/studio/engine/speech/index.ts';
import { locateMediaTools, readSound } from '../main/studio/media/index.ts';
import { bilabials, SpokenScript, type SpokenPhone } from '../shared/domain/script/index.ts';
import { EXPRESSIONS } from '../shared/face/index.ts';

const OPEN_VOWELS = Array.from('aɑæʌɔɐ');
const OTHER_CONSONANTS = Array.from('tdkɡnszʃʒθðlɹhjŋɾ');
/** cm; a shut mouth differs by as much from one shut frame to the next. */
const NEARLY_TOUCHING = 0.05;
/** Seconds: a frame beside a phone still belongs to it, and where its closure is looked for. */
const [BESIDE, AROUND] = [0.04, 0.12];

const [file, ...spoken] = process.argv.slice(2);
if (file === undefined || spoken.length === 0)
  throw new Error('Which avatar, and what is said? node src/research/closures.ts FILE.likeness TIMES.json...');
const tools = await locateMediaTools(join(import.meta.dirname, '..', '..', 'trainer', '.venv'));
const avatar = await openAvatar(file, { graph: 'best' });
try {
  for (const path of spoken) {
    const { times } = SpokenScript.parse(JSON.parse(await readFile(path, 'utf8')));
    const { samples } = await readSound(tools, path.replace(/json$/, 'wav'));
    console.log(`${basename(path)}, ${times.seconds.toFixed(1)} s`);
    const closures = bilabials(times.phones);
    console.log(`  heard: ${said(await mouthOf(avatar, samples), times.phones)}`);
    console.log(`  told:  ${said(await mouthOf(avatar, samples, closures), times.phones)}`);
  }
} finally {
  await avatar.close();
}

interface Mouth {
  readonly gaps: Float64Array; // [frames] cm
  readonly fps: number;
  /** Seconds by which the mouth is ahead of the sound, as it is in the avatar's video. */
  readonly lag: number;
  /** cm; a frame less open than that is shut. */
  readonly shut: number;
}

async function mouthOf(
  performer: Avatar,
  samples: Float32Array,
  closures?: ReturnType<typeof bilabials>,
): Promise<Mouth> {
  const { rig, manifest } = performer;
  const { source, speech } = manifest;
  const { fps } = source;
  const frames = Math.floor((samples.length / 16_000) * fps);
  const { expression } = await performer.speak(samples, fps, frames, { closures });
  const gap = new LipGap(rig);
  const own = Float64Array.from({ length: rig.lleBank.length / EXPRESSIONS }, (_, k) => gap.at(rig.lleBank, k)).sort();
  const at = (share: number): number => own[Math.floor(share * (own.length - 1))]!;
  return {
    gaps: Float64Array.from({ length: frames }, (_, k) => gap.at(expression, k)),
    fps,
    lag: speech.lagSeconds,
    shut: Math.max(at(0.1), at(0.03) + NEARLY_TOUCHING),
  };
}

function said(mouth: Mouth, phones: readonly SpokenPhone[]): string {
  const { gaps, fps, lag, shut } = mouth;
  const lips = bilabials(phones);
  const closed = lips.filter(({ from, to }) => least(mouth, from - BESIDE, to + BESIDE) <= shut);
  const late = lips
    .map(({ from, to }) => momentOfLeast(mouth, (from + to) / 2 - AROUND, (from + to) / 2 + AROUND) - (from + to) / 2)
    .toSorted((a, b) => a - b);
  const hearts = (symbols: readonly string[]): number[] =>
    phones
      .filter(({ symbol }) => symbols.includes(symbol))
      .map(({ from, to }) => gaps[Math.min(gaps.length - 1, Math.max(0, Math.round(((from + to) / 2 - lag) * fps)))]!);
  const shutOf = (symbols: readonly string[]): string => {
    const all = hearts(symbols);
    return `${all.filter((gap) => gap <= shut).length} of ${all.length}`;
  };
  const vowels = hearts(OPEN_VOWELS);
  return [
    `p, b, m shut ${closed.length} of ${lips.length}`,
    `open vowels ${shutOf(OPEN_VOWELS)}`,
    `other consonants ${shutOf(OTHER_CONSONANTS)}`,
    `late by ${(1000 * late[late.length >> 1]!).toFixed(0)} ms (${ms(late, 0.1)} to ${ms(late, 0.9)})`,
    `open vowels ${(vowels.reduce((sum, gap) => sum + gap, 0) / vowels.length).toFixed(2)} cm`,
  ].join('; ');
}

function ms(sorted: readonly number[], share: number): string {
  return (1000 * sorted[Math.floor(share * (sorted.length - 1))]!).toFixed(0);
}

/** The frames that show a part of the sound. */
function* framesIn({ gaps, fps, lag }: Mouth, from: number, to: number): Generator<number> {
  const [first, last] = [Math.ceil((from - lag) * fps), Math.floor((to - lag) * fps)];
  for (let k = Math.max(0, first); k <= Math.min(gaps.length - 1, last); k++) yield k;
}

function least(mouth: Mouth, from: number, to: number): number {
  return Math.min(...[...framesIn(mouth, from, to)].map((k) => mouth.gaps[k]!));
}

/** The middle of the frames that are within half a millimetre of the least open one, seconds. */
function momentOfLeast(mouth: Mouth, from: number, to: number): number {
  const lowest = least(mouth, from, to) + NEARLY_TOUCHING / 2;
  const near = [...framesIn(mouth, from, to)].filter((k) => mouth.gaps[k]! <= lowest);
  return near.reduce((sum, k) => sum + k, 0) / near.length / mouth.fps + mouth.lag;
}
