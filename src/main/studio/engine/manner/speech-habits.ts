import type { MotionTrack, Rig } from '../bundle/index.ts';
import { accentFrom, type Accents } from '../speech/index.ts';
import type { BlinkHabits } from './blinks.ts';
import { Brows } from './brows.ts';
import { type Coupling, GRID_RATE, learnCoupling } from './coupling.ts';
import { withoutPosture } from './response.ts';
import { evenly } from './rows.ts';

/** Fewer blinks, or shifts of the gaze, tell nothing of when they come. */
const LEAST_ONSETS = 6;
const SHIFTS = 200;
const LEAST_SHIFT_SECONDS = 1.5;
/** Deviations from chance, either way; below it they come whenever they come. */
const LEAST_PAUSE_Z = 1.96;
/** Further from the nearest syllable than this is no deeper in a pause. */
const DEEP_IN_PAUSE = 0.5; // seconds

/** What of a person's movement goes with how they speak, learnt from the sound of their own video. */
export interface SpeechHabits {
  /** Of the video's own sound. */
  readonly accents: Accents;
  readonly head: HeadHabit | undefined;
  readonly brows: BrowHabit | undefined;
  readonly blinks: PausePreference;
}

/** Nods and turns. */
export interface HeadHabit {
  readonly coupling: Coupling;
  /** Nod and turn at `GRID_RATE`, posture taken off, in deviations of their own. */
  readonly moves: readonly Float64Array[];
  /** What the responses are divided by to be in the same unit. */
  readonly scale: readonly number[];
}
export interface BrowHabit {
  readonly coupling: Coupling;
  readonly brows: Brows;
  /** What the person's own brows stay within, posture taken off, cm. */
  readonly most: number;
}
/** Whether blinks, or shifts of the gaze, come in pauses (above 0) or on syllables (below 0), and how surely: -1..1. */
export interface PausePreference {
  readonly pauses: number;
  readonly z: number;
}

/** From the accents of the video's own sound. */
export function learnSpeechHabits(
  track: MotionTrack,
  rig: Pick<Rig, 'expressionBasis' | 'eyeMask'>,
  { open, onsets }: Pick<BlinkHabits, 'open' | 'onsets'>,
  accents: Accents,
): SpeechHabits {
  const held = Array.from({ length: track.frames }, (_, row) => nodAndTurn(track.rotation, row));
  const [nods, turns] = [Float64Array.from(held, ([down]) => down), Float64Array.from(held, ([, aside]) => aside)];
  const seconds = track.time.at(-1)!;
  const [nod, turn] = [nods, turns].map((values) => evenly(values, track.time, GRID_RATE)) as [
    Float64Array,
    Float64Array,
  ];
  const brows = Brows.of(rig, open);
  const brow = evenly(brows.apartFrom(open, nods, turns), track.time, GRID_RATE);
  return {
    accents,
    head: headHabit(accents, [nod, turn]),
    brows: browHabit(accents, brow, brows),
    blinks: pausePreference(accents, onsets, seconds),
  };
}

/** How deep in a pause a moment is: seconds to the nearest syllable, half a second at most. */
export function pauseAt(accents: Accents, seconds: number): number {
  const next = accentFrom(accents, seconds);
  const after = next * 2 < accents.length ? accents[next * 2]! - seconds : DEEP_IN_PAUSE;
  const before = next > 0 ? seconds - accents[next * 2 - 2]! : DEEP_IN_PAUSE;
  return Math.min(after, before, DEEP_IN_PAUSE);
}

/** Downwards and to the side, radians, of a row of rotations [T,3,3] (about y, then x, then z). */
export function nodAndTurn(rotation: Float32Array, row = 0): readonly [nod: number, turn: number] {
  return [
    Math.asin(Math.min(Math.max(-rotation[row * 9 + 5]!, -1), 1)),
    Math.atan2(rotation[row * 9 + 2]!, rotation[row * 9 + 8]!),
  ];
}

function headHabit(accents: Accents, signals: readonly Float64Array[]): HeadHabit | undefined {
  const coupling = learnCoupling(accents, signals);
  if (!coupling) return undefined;
  const plain = signals.map((signal) => withoutPosture(signal, GRID_RATE));
  const scale = plain.map((move) => deviation(move) || 1);
  return { coupling, moves: plain.map((move, k) => move.map((value) => value / scale[k]!)), scale };
}

function browHabit(accents: Accents, signal: Float64Array, brows: Brows): BrowHabit | undefined {
  const coupling = learnCoupling(accents, [signal]);
  if (!coupling) return undefined;
  const sizes = withoutPosture(signal, GRID_RATE).map(Math.abs).sort();
  return { coupling, brows, most: sizes[Math.floor(0.97 * (sizes.length - 1))]! };
}

/** Compares how deep in pauses something begins with where it would begin with the sound shifted round. */
export function pausePreference(accents: Accents, onsets: readonly number[], seconds: number): PausePreference {
  if (onsets.length < LEAST_ONSETS || accents.length === 0 || seconds < 4 * LEAST_SHIFT_SECONDS)
    return { pauses: 0, z: 0 };
  const depth = (shift: number): number =>
    onsets.reduce((total, onset) => total + pauseAt(accents, (onset + shift) % seconds), 0) / onsets.length;
  const chance = Float64Array.from({ length: SHIFTS }, (_, k) =>
    depth(LEAST_SHIFT_SECONDS + ((seconds - 2 * LEAST_SHIFT_SECONDS) * k) / (SHIFTS - 1)),
  );
  const spread = deviation(chance);
  const z = spread > 0 ? (depth(0) - chance.reduce((a, b) => a + b) / SHIFTS) / spread : 0;
  return { pauses: Math.abs(z) > LEAST_PAUSE_Z ? Math.sign(z) * (1 - (LEAST_PAUSE_Z / z) ** 2) : 0, z };
}

function deviation(values: Float64Array): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((total, value) => total + (value - mean) ** 2, 0) / values.length);
}
