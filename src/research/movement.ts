/**
 * How a person's eyes, brows and head move in parts of their video that natural motion was not made of, and how they
 * move in natural motion of the other parts, with and without shifts of the gaze:
 * `node src/research/movement.ts FILE.likeness SOUND`. The sound is the video's own; five parts, three seeds each.
 */
import { join } from 'node:path';
import { type Control, controlOf, type MotionTrack } from '../main/studio/engine/bundle/index.ts';
import { openAvatar } from '../main/studio/engine/index.ts';
import {
  blinkHabits,
  Brows,
  type Look,
  NaturalMotion,
  nodAndTurn,
  pauseAt,
  shiftsOf,
  withoutPosture,
} from '../main/studio/engine/manner/index.ts';
import { reachOf } from '../main/studio/engine/reach/index.ts';
import { locateMediaTools, readSound } from '../main/studio/media/index.ts';

const FOLDS = 5;
const SEEDS = 3;
/** A raise of the brows, and a nod, is a peak of so many deviations of the person's own, slower movement taken off. */
const RAISED = 1;
const QUICK_SECONDS = 0.08;
const AROUND_SECONDS = 0.25;
/** A glide goes on so long, over so many degrees, and no part of it is quick. */
const GLIDE_SECONDS = 0.6;
const GLIDE_DEGREES = 3;
const GLIDE_PART = 0.4;

const [file, sound] = process.argv.slice(2);
if (file === undefined || sound === undefined)
  throw new Error('Which avatar, and which sound? node src/research/movement.ts FILE.likeness SOUND');
const tools = await locateMediaTools(join(import.meta.dirname, '..', '..', 'trainer', '.venv'));
const avatar = await openAvatar(file, { graph: 'best' });
const { idle, rig, manifest } = avatar;
const { fps } = manifest.source;
const looking = reachOf(avatar).gaze;
const brows = Brows.of(rig, blinkHabits(idle, rig).open);

/** What is looked at of movement, at `fps`. */
interface Movement {
  readonly looks: readonly Look[];
  readonly brow: Float64Array;
  readonly nod: Float64Array;
  readonly begins: number; // seconds
}
function movementOf(controls: readonly Control[], begins: number): Movement {
  const heights = brows.heightsOf(Float32Array.from(controls.flatMap(({ expression }) => [...expression])));
  const nods = Float64Array.from(controls, ({ rotation }) => nodAndTurn(rotation)[0]);
  return {
    looks: controls.map((control) => looking.of(control)),
    brow: withoutPosture(heights, fps),
    nod: withoutPosture(nods, fps),
    begins,
  };
}

try {
  const { accents } = await avatar.speak((await readSound(tools, sound)).samples, fps, 1);
  const whole = movementOf(
    Array.from({ length: idle.frames }, (_, row) => withoutBlink(row)),
    0,
  );
  const usual = { brow: deviation(whole.brow), nod: deviation(whole.nod) };
  const rows = { filmed: [] as Movement[], 'without shifts': [] as Movement[], 'with shifts': [] as Movement[] };
  for (let fold = 0; fold < FOLDS; fold++) {
    const [from, to] = [fold, fold + 1].map((edge) => Math.floor((edge * idle.frames) / FOLDS)) as [number, number];
    const part = Array.from({ length: to - from }, (_, k) => withoutBlink(from + k));
    rows.filmed.push(movementOf(part, idle.time[from]!));
    const others: MotionTrack = {
      ...idle,
      state: idle.state.map((state, row) => (row < from || row >= to ? state : 1)),
    };
    for (let seed = 1; seed <= SEEDS; seed++) {
      for (const [name, shifting] of [
        ['without shifts', undefined],
        ['with shifts', looking],
      ] as const) {
        const motion = new NaturalMotion(others, rig, seed, accents, shifting);
        const moved = Array.from({ length: idle.frames }, (_, frame) => {
          const control = motion.at(frame / fps);
          const closing = blinkHabits(others, rig).closing.map((value) => motion.shut(frame / fps) * value);
          return { ...control, expression: control.expression.map((value, k) => value - closing[k]!) };
        });
        rows[name].push(movementOf(moved, 0));
      }
    }
  }
  console.log(
    '| | glides a minute | shifts a minute | their size, degrees | gone in 80 ms | in pauses | raises | nods |',
  );
  for (const [name, movements] of Object.entries(rows)) {
    const minutes = movements.reduce((sum, { looks }) => sum + looks.length / fps / 60, 0);
    const shifts = movements.flatMap((movement) =>
      shiftsOf({ time: timeOf(movement) }, movement.looks).map((at) => ({
        ...travelAt(movement, at),
        at: at + movement.begins,
      })),
    );
    const chance = mean(Array.from({ length: 2000 }, (_, k) => pauseAt(accents, (k / 2000) * idle.time.at(-1)!)));
    const figures = [
      movements.reduce((sum, movement) => sum + glides(movement), 0) / minutes,
      shifts.length / minutes,
      median(shifts.map(({ degrees }) => degrees)),
      median(shifts.map(({ quick }) => quick)),
      mean(shifts.map(({ at }) => pauseAt(accents, at))) / chance,
      movements.reduce((sum, { brow }) => sum + peaks(brow, RAISED * usual.brow), 0) / minutes,
      movements.reduce((sum, { nod }) => sum + peaks(nod, RAISED * usual.nod), 0) / minutes,
    ];
    console.log(`| ${name} | ${figures.map((figure) => figure.toFixed(figure < 3 ? 2 : 1)).join(' | ')} |`);
  }
} finally {
  await avatar.close();
}

function withoutBlink(row: number): Control {
  const control = controlOf(idle, row);
  const width = control.expression.length;
  return { ...control, expression: blinkHabits(idle, rig).open.subarray(row * width, (row + 1) * width) };
}

function timeOf({ looks }: Movement): Float64Array {
  return Float64Array.from(looks, (_, k) => k / fps);
}

/** How far a gaze goes around a moment, and the largest share of that within `QUICK_SECONDS`. */
function travelAt({ looks }: Movement, seconds: number): { degrees: number; quick: number } {
  const [middle, reach, quick] = [seconds, AROUND_SECONDS, QUICK_SECONDS].map((value) => Math.round(value * fps)) as [
    number,
    number,
    number,
  ];
  const at = (k: number): Look => looks[Math.min(Math.max(k, 0), looks.length - 1)]!;
  const [from, to] = [at(middle - reach), at(middle + reach)];
  const [yaw, pitch] = [to.yaw - from.yaw, to.pitch - from.pitch];
  const degrees = Math.hypot(yaw, pitch);
  const along = (k: number): number =>
    ((at(k).yaw - from.yaw) * yaw + (at(k).pitch - from.pitch) * pitch) / degrees ** 2;
  const shares = Array.from(
    { length: 2 * reach - quick },
    (_, k) => along(middle - reach + k + quick) - along(middle - reach + k),
  );
  return { degrees, quick: Math.max(...shares) };
}

/** How often a gaze goes over from one place to another slowly. */
function glides({ looks }: Movement): number {
  const [length, part] = [Math.round(GLIDE_SECONDS * fps), Math.round(0.12 * fps)];
  let found = 0;
  for (let from = 0; from + length < looks.length; from++) {
    const [first, last] = [looks[from]!, looks[from + length]!];
    const [yaw, pitch] = [last.yaw - first.yaw, last.pitch - first.pitch];
    const way = Math.hypot(yaw, pitch);
    if (way < GLIDE_DEGREES) continue;
    const along = looks
      .slice(from, from + length + 1)
      .map((look) => ((look.yaw - first.yaw) * yaw + (look.pitch - first.pitch) * pitch) / way ** 2);
    const quickest = Math.max(...along.slice(part).map((share, k) => share - along[k]!));
    if (quickest > GLIDE_PART) continue;
    found += 1;
    from += length;
  }
  return found;
}

function peaks(values: Float64Array, least: number): number {
  return values.filter((value, k) => value > least && value > (values[k - 1] ?? 0) && value >= (values[k + 1] ?? 0))
    .length;
}

function deviation(values: Float64Array): number {
  const about = mean([...values]);
  return Math.sqrt(mean([...values].map((value) => (value - about) ** 2)));
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / Math.max(values.length, 1);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
