/**
 * What a person does while they speak, and how much of that is there when natural motion speaks for them:
 * `node src/research/driven-habits.ts FILE.likeness`. Everything is driven by the video's own sound; for what goes with
 * loudness each fifth of it by natural motion of the other four; five seeds. Then, which links of movement and sound
 * are beyond chance.
 */
import type { MotionTrack } from '../main/studio/engine/bundle/index.ts';
import { openAvatar } from '../main/studio/engine/index.ts';
import { learnCoupling } from '../main/studio/engine/manner/coupling.ts';
import {
  blinkHabits,
  Brows,
  GRID_RATE,
  learnBreathing,
  NaturalMotion,
  nodAndTurn,
  pauseAt,
  withoutPosture,
} from '../main/studio/engine/manner/index.ts';
import { evenly } from '../main/studio/engine/manner/rows.ts';
import { correlation } from '../main/studio/engine/numbers/ridge.ts';
import { reachOf } from '../main/studio/engine/reach/index.ts';
import { type Accents, findAccents } from '../main/studio/engine/speech/index.ts';

const FOLDS = 5;
const SEEDS = 5;
const DEGREES = 180 / Math.PI;
/** Seconds by which movement may be before or after loudness. */
const LAGS = Array.from({ length: 31 }, (_, k) => (k - 15) / GRID_RATE);
/** Shifted round by less, sound is still itself. */
const LEAST_SHIFT_SECONDS = 1.5;
/** Seconds between two syllables that part two phrases. */
const PHRASE_GAP = 0.35;
const IN_PAUSE = 0.25;
const AT_USUAL = 5; // degrees
/** Hz */
const SLOW = [0.1, 0.5] as const;

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('Which avatar? node src/research/driven-habits.ts FILE.likeness');
const avatar = await openAvatar(file, { graph: 'best' });
const { idle, rig } = avatar;
const heard = idle.heard;
if (!heard) throw new Error('The sound of its video is not its person’s, or the avatar was made before it was kept.');
const seconds = idle.time.at(-1)!;
const accents = findAccents(heard);
const habits = blinkHabits(idle, rig);
const brows = Brows.of(rig, habits.open);
const { gaze } = reachOf(avatar);
const level = Float64Array.from({ length: Math.floor(seconds * GRID_RATE) + 1 }, (_, k) => loudness(k / GRID_RATE));

/** At `GRID_RATE`: nods in degrees, brows in cm, shoulders in pixels. */
type Signals = Readonly<Record<'nod' | 'turn' | 'brow' | 'shoulders', Float64Array>>;

try {
  const filmed = filmedSignals();
  const [nods, turns] = [bestLag(level, filmed.nod), bestLag(level, filmed.turn)];
  const { axis, lag } =
    Math.abs(nods.r) > Math.abs(turns.r)
      ? ({ axis: 'nod', lag: nods.lag } as const)
      : ({ axis: 'turn', lag: turns.lag } as const);
  const folds = Array.from({ length: FOLDS }, (_, fold) => {
    const [from, to] = [fold, fold + 1].map((edge) => Math.floor((edge * level.length) / FOLDS)) as [number, number];
    return { from, to, others: without(from, to) }; // what is learnt of a track is kept with it
  });
  const lines = [
    row('filmed', (60 * habits.onsets.length) / seconds, [filmed], [followed(filmed[axis], 0, level.length, lag)]),
  ];
  for (const [name, sound] of [
    ['natural, silent', undefined],
    ['natural, with the sound', accents],
  ] as const) {
    const whole: Signals[] = [];
    const rs: number[] = [];
    let blinks = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const motion = new NaturalMotion(idle, rig, seed, sound, gaze);
      whole.push(drivenSignals(motion));
      blinks += blinksOf(motion);
      for (const { from, to, others } of folds) {
        const moved = drivenSignals(new NaturalMotion(others, rig, seed, sound, gaze));
        rs.push(followed(moved[axis], from, to, lag));
      }
    }
    lines.push(row(name, (60 * blinks) / SEEDS / seconds, whole, rs));
  }
  console.log(
    [
      `| | blinks a minute | brows, mm | nods, degrees | nods of ${SLOW.join(' to ')} Hz | shoulders there, px ` +
        `| r of ${axis} and loudness (${lag} s) |`,
      '|---|---|---|---|---|---|---|',
      ...lines,
    ].join('\n'),
  );
  console.log(links(filmed).join('\n'));
} finally {
  await avatar.close();
}

function filmedSignals(): Signals {
  const held = Array.from({ length: idle.frames }, (_, frame) => nodAndTurn(idle.rotation, frame));
  const [nods, turns] = [0, 1].map((axis) => Float64Array.from(held, (both) => both[axis]! * DEGREES)) as [
    Float64Array,
    Float64Array,
  ];
  const even = (values: Float64Array): Float64Array => evenly(values, idle.time, GRID_RATE);
  const shoulders = Float64Array.from({ length: idle.frames }, (_, frame) =>
    heightOf(idle.torso.subarray(frame * 6, frame * 6 + 6), idle.crop.subarray(0, 3)),
  );
  return {
    nod: even(nods),
    turn: even(turns),
    brow: even(brows.apartFrom(habits.open, nods, turns)),
    shoulders: even(shoulders),
  };
}

function drivenSignals(motion: NaturalMotion): Signals {
  const controls = Array.from({ length: level.length }, (_, k) => ({
    ...motion.at(k / GRID_RATE),
    shut: motion.shut(k / GRID_RATE),
  }));
  const held = controls.map(({ rotation }) => nodAndTurn(rotation));
  const [nod, turn] = [0, 1].map((axis) => Float64Array.from(held, (both) => both[axis]! * DEGREES)) as [
    Float64Array,
    Float64Array,
  ];
  const open = Float32Array.from(
    controls.flatMap(({ expression, shut }) => [...expression].map((value, k) => value - shut * habits.closing[k]!)),
  );
  const shoulders = Float64Array.from(controls, ({ torso }) => heightOf(torso, idle.crop.subarray(0, 3)));
  return { nod, turn, brow: brows.apartFrom(open, nod, turn), shoulders };
}

function heightOf(t: Float32Array, [x, y, size]: ArrayLike<number> & Iterable<number>): number {
  return -(t[3]! * (x! + size! / 2) + t[4]! * (y! + size!) + t[5]!);
}

function blinksOf(motion: NaturalMotion): number {
  const shut = Array.from({ length: Math.floor(seconds * 100) }, (_, k) => motion.shut(k / 100) > 0.5);
  return shut.filter((is, k) => is && !shut[k - 1]).length;
}

function without(from: number, to: number): MotionTrack {
  const isOut = (at: number): boolean => at >= from / GRID_RATE && at < to / GRID_RATE;
  return { ...idle, state: idle.state.map((state, frame) => (isOut(idle.time[frame]!) ? 1 : state)) };
}

function row(name: string, blinks: number, all: readonly Signals[], rs: readonly number[]): string {
  const over = (of: (signals: Signals) => number): number => mean(all.map(of));
  const cells = [
    blinks.toFixed(1),
    over(({ brow }) => 10 * deviation(withoutPosture(brow, GRID_RATE))).toFixed(2),
    over(({ nod }) => deviation(withoutPosture(nod, GRID_RATE))).toFixed(2),
    over(({ nod }) => slowPart(nod)).toFixed(2),
    over(({ shoulders }) => slowPart(shoulders)).toFixed(2),
    mean(rs).toFixed(2),
  ];
  return `| ${name} | ${cells.join(' | ')} |`;
}

/** Deviation of what a signal does between two frequencies. */
function slowPart(signal: Float64Array): number {
  const n = signal.length;
  const about = mean([...signal]);
  const windowed = signal.map((value, k) => (value - about) * (0.5 - 0.5 * Math.cos((2 * Math.PI * (k + 0.5)) / n)));
  let power = 0;
  for (let line = Math.ceil((SLOW[0] * n) / GRID_RATE); line <= (SLOW[1] * n) / GRID_RATE; line++) {
    let [re, im] = [0, 0];
    for (let k = 0; k < n; k++) {
      re += windowed[k]! * Math.cos((2 * Math.PI * line * k) / n);
      im += windowed[k]! * Math.sin((2 * Math.PI * line * k) / n);
    }
    power += (2 * (re * re + im * im)) / n / n;
  }
  return Math.sqrt(power / 0.375); // the window's own power
}

/** How loud the video's sound is, 0..1. */
function loudness(at: number): number {
  const rows = heard!.length / 3;
  const near = [-3, -2, -1, 0, 1, 2, 3].map((by) => Math.min(Math.max(Math.round(at * 100) + by, 0), rows - 1));
  return mean(near.map((place) => heard![place * 3]!));
}

/** r of a movement with loudness `lag` seconds before it, from one moment to another. */
function followed(signal: Float64Array, from: number, to: number, lag: number): number {
  const by = Math.round(lag * GRID_RATE);
  const loud = withoutPosture(level, GRID_RATE);
  const shifted = loud.map((_, k) => loud[Math.min(Math.max(k - by, 0), loud.length - 1)]!);
  return correlation(shifted.subarray(from, to), withoutPosture(signal, GRID_RATE).subarray(from, to));
}

function bestLag(sound: Float64Array, movement: Float64Array): { readonly r: number; readonly lag: number } {
  const [x, y] = [withoutPosture(sound, GRID_RATE), withoutPosture(movement, GRID_RATE)];
  return LAGS.map((lag) => ({ lag, r: correlation(round(x, Math.round(lag * GRID_RATE)), y) })).reduce((best, other) =>
    Math.abs(other.r) > Math.abs(best.r) ? other : best,
  );
}

function round(values: Float64Array, by: number): Float64Array {
  return values.map((_, k) => values[(k - by + 2 * values.length) % values.length]!);
}

/** Each with how often sound that is shifted round gives as much, or deviations from that. */
function links(filmed: Signals): string[] {
  const found: string[] = [];
  const least = LEAST_SHIFT_SECONDS * GRID_RATE;
  const shifts = Array.from({ length: 60 }, (_, k) => Math.round(least + ((level.length - 2 * least) * k) / 59));
  for (const name of ['nod', 'turn', 'brow'] as const) {
    const { r, lag } = bestLag(level, filmed[name]);
    const chance = shifts.filter((by) => Math.abs(bestLag(round(level, by), filmed[name]).r) >= Math.abs(r)).length;
    found.push(`${name} and loudness: r ${r.toFixed(2)} at ${lag} s, by chance ${(chance / shifts.length).toFixed(2)}`);
  }
  for (const [when, events] of Object.entries(phraseEdges(accents)))
    for (const name of ['nod', 'brow'] as const) {
      const coupling = learnCoupling(events, [filmed[name]]);
      const said = coupling ? `r ${coupling.r[0]!.toFixed(2)}, z ${coupling.z.toFixed(1)}` : 'too few to tell';
      found.push(`${name} where phrases ${when} (${events.length / 2}): ${said}`);
    }
  const { speaking, silent, z } = lookedAtUsual();
  found.push(`looks where they usually do: ${share(speaking)} speaking, ${share(silent)} in pauses, z ${z.toFixed(1)}`);
  const breath = learnBreathing(idle);
  found.push(breath ? `breath: ${(60 * breath.perSecond).toFixed(1)} a minute` : 'breath: none to be told');
  return found;
}

function phraseEdges(syllables: Accents): Readonly<Record<'begin' | 'end', Accents>> {
  const times = Array.from({ length: syllables.length / 2 }, (_, k) => syllables[k * 2]!);
  const events = (at: (k: number) => boolean): Accents =>
    Float32Array.from(times.filter((_, k) => at(k)).flatMap((t) => [t, 1]));
  return {
    begin: events((k) => k === 0 || times[k]! - times[k - 1]! > PHRASE_GAP),
    end: events((k) => k === times.length - 1 || times[k + 1]! - times[k]! > PHRASE_GAP),
  };
}

/** Shares of the frames without blinks. */
function lookedAtUsual(): { readonly speaking: number; readonly silent: number; readonly z: number } {
  const looks = Array.from({ length: idle.frames }, (_, frame) =>
    gaze.inHead(idle.gaze.subarray(frame * 4, frame * 4 + 4)),
  );
  const middle = (axis: 'yaw' | 'pitch'): number =>
    looks.map((look) => look[axis]).toSorted((a, b) => a - b)[idle.frames >> 1]!;
  const [yaw, pitch] = [middle('yaw'), middle('pitch')];
  const isUsual = looks.map((look) => Math.hypot(look.yaw - yaw, look.pitch - pitch) < AT_USUAL);
  const isOpen = [...idle.time].map(
    (at) => !habits.onsets.some((onset) => at >= onset && at <= onset + habits.seconds),
  );
  const inPause = [...idle.time].map((at) => pauseAt(accents, at) > IN_PAUSE);
  const shares = (by: number): [number, number] =>
    [false, true].map((pause) => {
      const some = isUsual.filter((_, frame) => isOpen[frame] && inPause[(frame + by) % idle.frames] === pause);
      return some.filter(Boolean).length / some.length;
    }) as [number, number];
  const [speaking, silent] = shares(0);
  const least = Math.round((LEAST_SHIFT_SECONDS * idle.frames) / seconds);
  const chance = Array.from({ length: 60 }, (_, k) => {
    const [other, pause] = shares(Math.round(least + ((idle.frames - 2 * least) * k) / 59));
    return pause - other;
  });
  return { speaking, silent, z: (silent - speaking - mean(chance)) / deviation(Float64Array.from(chance)) };
}

function share(value: number): string {
  return `${Math.round(100 * value)} %`;
}

function deviation(values: Float64Array): number {
  const about = mean([...values]);
  return Math.sqrt(mean([...values].map((value) => (value - about) ** 2)));
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / Math.max(values.length, 1);
}
