import { EXPRESSIONS } from '../../../../shared/face/index.ts';
import { type Control, controlOf, type MotionTrack, type Rig, SWAY_VALUES } from '../bundle/index.ts';
import { SeededRandom } from '../numbers/random.ts';
import { type Accents, findAccents } from '../speech/index.ts';
import { BlinkMoments, type Taste } from './blink-moments.ts';
import { type BlinkHabits, learnBlinks, shutAt } from './blinks.ts';
import { Breathing, type BreathHabit, learnBreathing } from './breathing.ts';
import { GRID_RATE } from './coupling.ts';
import { GazeShifts, shiftsOf } from './gaze-shifts.ts';
import type { Looking } from './look.ts';
import { FADE, type Fit, type Piece, Pieces } from './pieces.ts';
import { goodRuns, rowBefore } from './rows.ts';
import {
  type BrowHabit,
  type HeadHabit,
  learnSpeechHabits,
  type PausePreference,
  pauseAt,
  pausePreference,
  type SpeechHabits,
} from './speech-habits.ts';

type Face = Pick<Rig, 'neutral' | 'expressionBasis' | 'eyeMask'>;

/** What was learnt of a person, as long as their track is in use: it is the same for every take. */
interface Person {
  readonly blinks: BlinkHabits;
  readonly speech: SpeechHabits | undefined;
  readonly breath: BreathHabit | undefined;
}
const people = new WeakMap<MotionTrack, Person>();

/**
 * How a person holds themselves while they talk, for as long as it takes: pieces of their own motion (head, shoulders,
 * gaze, brows) in an order of their own, each fading into the next where the head is held alike, and blinks as often,
 * as long and as deep as theirs. Where their shoulders show the rhythm of their breath, it goes on through all pieces
 * without a break. Where their head, brows or blinks go with the accents of their own speech, they go with the
 * `accents` of what is said; where nothing is said, or no such habit was found, the sound changes nothing. With
 * `looking` eyes shift from one piece's gaze to the next one's as eyes do, and where their own shifts go with pauses or
 * syllables, with those of what is said; without it gaze fades as all else does. The same seed and the same sound give
 * the same motion, whichever moment is asked for first.
 */
export class NaturalMotion {
  readonly #track: MotionTrack;
  readonly #person: Person;
  readonly #pieces: Pieces;
  readonly #blinks: BlinkMoments;
  readonly #brows: { readonly habit: BrowHabit; readonly own: Accents; readonly said: Accents } | undefined;
  readonly #gaze: GazeShifts | undefined;
  readonly #breathing: Breathing | undefined;
  readonly #still: number;

  constructor(track: MotionTrack, rig: Face, seed: number, accents: Accents = new Float32Array(0), looking?: Looking) {
    this.#track = track;
    this.#person = personOf(track, rig);
    const { blinks } = this.#person;
    const speech = accents.length > 0 ? this.#person.speech : undefined;
    const head = speech?.head && speech.head.coupling.share > 0 ? headFit(speech.head, accents) : undefined;
    const gaze = looking && gazeOf(track, looking, this.#person.speech?.accents);
    this.#pieces = new Pieces(track, new SeededRandom(seed), head);
    this.#blinks = new BlinkMoments(blinks, new SeededRandom(seed ^ 0x9e3779b9), tasteOf(speech?.blinks, accents));
    this.#gaze =
      gaze &&
      new GazeShifts(
        gaze,
        seed ^ 0x85ebca6b,
        (seconds) => this.#shutAfter(seconds),
        tasteOf(speech && gaze.preference, accents),
      );
    this.#brows =
      speech?.brows && speech.brows.coupling.share > 0
        ? { habit: speech.brows, own: speech.accents, said: accents }
        : undefined;
    const { breath } = this.#person;
    this.#breathing = breath && new Breathing(breath, seed ^ 0x27d4eb2f);
    this.#still = goodRuns(track)[0]?.first ?? 0;
  }

  /** At any moment from 0 on. */
  at(seconds: number): Control {
    const held = this.#held(Math.max(seconds, 0));
    const { blinks } = this.#person;
    const shut = this.shut(seconds);
    for (let k = 0; k < EXPRESSIONS; k++) held.expression[k] = held.expression[k]! + shut * blinks.closing[k]!;
    return this.#breathing ? { ...held, torso: this.#breathing.with(held.torso, Math.max(seconds, 0)) } : held;
  }

  /** How far a blink has the eyes shut at a moment, 0..1. */
  shut(seconds: number): number {
    const moment = Math.max(seconds, 0);
    const begun = this.#blinks.lastBefore(moment);
    return begun === undefined ? 0 : shutAt(this.#person.blinks, moment - begun);
  }

  /** When the eyes are most shut in the blink that is under way at a moment, or else comes next. */
  #shutAfter(seconds: number): number {
    const { profile, seconds: length } = this.#person.blinks;
    const deepest = (profile.indexOf(Math.max(...profile)) / (profile.length - 1)) * length;
    return this.#blinks.firstAfter(seconds - deepest) + deepest;
  }

  #held(seconds: number): Control {
    const playing = this.#pieces.at(seconds);
    if (!playing) return this.#unbreathed(this.#row(this.#still), this.#track.time[this.#still]!);
    const { now, before } = playing;
    const share = (seconds - now.from) / FADE;
    if (!before || share >= 1) return this.#played(now, seconds);
    const [left, coming] = [this.#played(before, seconds), this.#played(now, seconds)];
    const mixed = blend(left, coming, share * share * (3 - 2 * share));
    return this.#gaze?.between(mixed, [left, coming], { before, now }, seconds) ?? mixed;
  }

  /** A piece, its brows raised with what is said in place of what the person said there. */
  #played(piece: Piece, seconds: number): Control {
    const source = piece.start + seconds - piece.from;
    const control = this.#unbreathed(this.#sample(source), source);
    if (!this.#brows) return control;
    const { habit, own, said } = this.#brows;
    const [response, share] = [habit.coupling.responses[0]!, habit.coupling.share];
    const raised = Math.min(
      Math.max(share * (response.at(said, seconds) - response.at(own, source)), -habit.most),
      habit.most,
    );
    for (let k = 0; k < EXPRESSIONS; k++)
      control.expression[k] = control.expression[k]! + raised * habit.brows.raise[k]!;
    return control;
  }

  #unbreathed(control: Control, moment: number): Control {
    return this.#breathing ? { ...control, torso: this.#breathing.without(control.torso, moment) } : control;
  }

  #sample(moment: number): Control {
    const { time, frames } = this.#track;
    const row = rowBefore(time, moment);
    const after = Math.min(row + 1, frames - 1);
    const gap = time[after]! - time[row]!;
    return blend(this.#row(row), this.#row(after), gap > 0 ? Math.min(Math.max((moment - time[row]!) / gap, 0), 1) : 0);
  }

  #row(row: number): Control {
    const { gaze, rotation, translation, crop, torso, sway } = this.#track;
    const copy = (values: Float32Array, width: number) => values.slice(row * width, (row + 1) * width);
    return {
      expression: copy(this.#person.blinks.open, EXPRESSIONS),
      gaze: copy(gaze, 4),
      rotation: copy(rotation, 9),
      translation: copy(translation, 3),
      crop: copy(crop, 3),
      torso: copy(torso, 6),
      ...(sway ? { sway: copy(sway, SWAY_VALUES) } : {}),
    };
  }
}

/** When a person's gaze shifts in their track, seconds, and whether it does in pauses. */
interface Gaze {
  readonly looking: Looking;
  readonly shifts: readonly number[];
  readonly preference: PausePreference | undefined;
}
const gazes = new WeakMap<MotionTrack, Gaze>();

/** Learnt once for a track; `accents` are of its own sound. */
function gazeOf(track: MotionTrack, looking: Looking, accents: Accents | undefined): Gaze {
  const known = gazes.get(track);
  if (known) return known;
  const looks = Array.from({ length: track.frames }, (_, row) => looking.of(controlOf(track, row)));
  const shifts = shiftsOf(track, looks);
  const gaze = { looking, shifts, preference: accents && pausePreference(accents, shifts, track.time.at(-1)!) };
  gazes.set(track, gaze);
  return gaze;
}

function tasteOf(preference: PausePreference | undefined, accents: Accents): Taste | undefined {
  const pauses = preference?.pauses ?? 0;
  if (pauses === 0) return undefined;
  return { share: Math.abs(pauses), of: (at) => Math.sign(pauses) * pauseAt(accents, at) };
}

const blinkers = new WeakMap<MotionTrack, BlinkHabits>();

/** How a person blinks; learnt once for a track. */
export function blinkHabits(track: MotionTrack, rig: Face): BlinkHabits {
  const known = blinkers.get(track) ?? learnBlinks(track, rig);
  blinkers.set(track, known);
  return known;
}

function personOf(track: MotionTrack, rig: Face): Person {
  const known = people.get(track);
  if (known) return known;
  const blinks = blinkHabits(track, rig);
  const person = {
    blinks,
    speech: track.heard && learnSpeechHabits(track, rig, blinks, findAccents(track.heard)),
    breath: learnBreathing(track),
  };
  people.set(track, person);
  return person;
}

/** How far the person's own nods and turns are the ones that these accents bring, surer signals counting more. */
function headFit({ coupling, moves, scale }: HeadHabit, accents: Accents): Fit {
  const weights = coupling.r.map((r, k) => Math.max(r, 0) / scale[k]!);
  return (from, seconds) => {
    const wanted = moves.map((_, signal) =>
      Float64Array.from(
        { length: Math.round(seconds * GRID_RATE) },
        (_moment, k) => weights[signal]! * coupling.responses[signal]!.at(accents, from + k / GRID_RATE),
      ),
    );
    return (start) => {
      const first = Math.round(start * GRID_RATE);
      const count = Math.min(wanted[0]!.length, moves[0]!.length - first);
      let total = 0;
      wanted.forEach((values, signal) => {
        for (let k = 0; k < count; k++) total += values[k]! * moves[signal]![first + k]!;
      });
      return total / Math.max(count, 1);
    };
  };
}

function blend(a: Control, b: Control, share: number): Control {
  const mix = (x: Float32Array, y: Float32Array) => x.map((value, k) => value + share * (y[k]! - value));
  return {
    expression: mix(a.expression, b.expression),
    gaze: mix(a.gaze, b.gaze),
    rotation: orthogonal(mix(a.rotation, b.rotation)),
    translation: mix(a.translation, b.translation),
    crop: mix(a.crop, b.crop),
    torso: mix(a.torso, b.torso),
    ...(a.sway && b.sway ? { sway: mix(a.sway, b.sway) } : {}),
  };
}

/** The rotation nearest to the mean of two near ones: rows made orthogonal, of length one (Gram and Schmidt). */
function orthogonal(m: Float32Array): Float32Array {
  const unit = (v: readonly number[]) => {
    const length = Math.hypot(...v) || 1;
    return v.map((x) => x / length);
  };
  const x = unit([m[0]!, m[1]!, m[2]!]);
  const along = x[0]! * m[3]! + x[1]! * m[4]! + x[2]! * m[5]!;
  const y = unit([m[3]! - along * x[0]!, m[4]! - along * x[1]!, m[5]! - along * x[2]!]);
  return Float32Array.of(
    ...x,
    ...y,
    x[1]! * y[2]! - x[2]! * y[1]!,
    x[2]! * y[0]! - x[0]! * y[2]!,
    x[0]! * y[1]! - x[1]! * y[0]!,
  );
}
