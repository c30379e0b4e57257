import { setImmediate as othersTurn } from 'node:timers/promises';
import { type LaneName, type Lanes, thinned } from '../../../shared/domain/lanes/index.ts';
import { EMPTY_TAKE, PLAIN_SPEECH, type PoseSource, type Take } from '../../../shared/domain/take.ts';
import { EXPRESSIONS } from '../../../shared/face/index.ts';
import {
  type AvatarDescription,
  blinkHabits,
  broughtInto,
  controlOf,
  type FaceMeasure,
  type FilmedPerson,
  headAngles,
  extentOf,
  type Movement,
  movementAt,
  placed,
  type PlaceLane,
  reachOf,
} from '../engine/index.ts';
import { extentIn, offOf, shareFor } from './driven-lanes.ts';
import type { Said } from './heard.ts';
import { mannerOf } from './manner.ts';
import { type Performance, performanceOf } from './performance.ts';

type Avatar = Pick<AvatarDescription, 'rig' | 'idle' | 'manifest' | 'styles' | 'varies'>;

/** What goes with the movement of a take that somebody drives. */
export interface Driving {
  /** What the avatar makes of the video's sound; without rows where there is none. */
  readonly said: Said;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * In this order, as one that is further on moves less of those before it: a jaw that opens narrows a smile. Lids are
 * left to blinks: how far open they are otherwise tells where somebody looks.
 */
const FACE = ['jaw', 'smile', 'pucker', 'brows', 'frown'] as const satisfies readonly FaceMeasure[];
/** Frames after which others of this process have their turn. */
const A_WHILE = 200;

/**
 * A take in which this person does what somebody else did in a video: head, eyes, blinks and face are keyed, each as
 * far as it goes in their own frames; it ends where they are seen last. `coarser`: how much coarser than usual the
 * lanes are, to be few enough keyframes. Rejects with the signal's reason.
 */
export async function drivenTake(
  avatar: Avatar,
  person: FilmedPerson,
  driving: Driving,
): Promise<{ readonly take: Take; readonly coarser: number }> {
  const { fps } = avatar.manifest.source;
  const first = Math.ceil(person.from * fps);
  const frames = Array.from({ length: Math.max(1, Math.floor(person.to * fps) - first + 1) }, (_, k) => first + k);
  const work = new DrivenLanes(avatar, person, frames, driving);
  const { lanes, coarser } = thinned(await work.all(), (name) => offOf(avatar, name));
  const range = { from: 0, to: (first + frames.length) / fps };
  return { take: { ...EMPTY_TAKE, pose: work.pose, lanes, range }, coarser };
}

/** Lanes with a keyframe for every frame. What is keyed moves; the rest of the person is held. */
class DrivenLanes {
  readonly pose: PoseSource;
  readonly #avatar: Avatar;
  readonly #person: FilmedPerson;
  readonly #frames: readonly number[];
  readonly #driving: Driving;
  readonly #fps: number;

  constructor(avatar: Avatar, person: FilmedPerson, frames: readonly number[], driving: Driving) {
    this.pose = { kind: 'still', frame: usualRow(avatar) };
    this.#avatar = avatar;
    this.#person = person;
    this.#frames = frames;
    this.#driving = driving;
    this.#fps = avatar.manifest.source.fps;
  }

  async all(): Promise<Lanes> {
    let lanes: Lanes = { ...this.#head(), ...this.#place(), ...this.#blinks() };
    lanes = { ...lanes, ...(await this.#gaze(lanes)) };
    for (const [place, name] of FACE.entries()) lanes = { ...lanes, ...(await this.#face(name, lanes, place)) };
    return lanes;
  }

  #head(): Lanes {
    const { ranges } = reachOf(this.#avatar);
    const turned = (['yaw', 'pitch', 'roll'] as const).map((axis) => {
      const [range, movement] = [ranges[`head.${axis}`]!, this.#person.head[axis]];
      const values = this.#frames.map((frame) => broughtInto(extentIn(range), movement, this.#theirs(movement, frame)));
      return [`head.${axis}`, this.#lane(values)] as const;
    });
    return Object.fromEntries(turned);
  }

  /** Where all of them is in the picture, and their shoulders; what keeps still is not keyed. */
  #place(): Lanes {
    const { went } = reachOf(this.#avatar).pose;
    const moved = Object.entries(this.#placements()).flatMap(([key, movement]) => {
      const name = key as PlaceLane;
      const values = this.#frames.map((frame) => broughtInto(went[name], movement, this.#theirs(movement, frame)));
      const off = offOf(this.#avatar, name);
      const still = values.every((value) => Math.abs(value - went[name].usual) < off);
      return still ? [] : [[name, this.#lane(values)] as const];
    });
    return Object.fromEntries(moved);
  }

  #placements(): Readonly<Record<PlaceLane, Movement>> {
    const { pose } = reachOf(this.#avatar);
    const { head, whereabouts } = this.#person;
    const all = whereabouts.map((where, n) => {
      const turned = (axis: 'yaw' | 'pitch' | 'roll'): number => head[axis].values[n]! - head[axis].usual;
      return placed(where, pose.takenBy({ yaw: turned('yaw'), pitch: turned('pitch'), roll: turned('roll') }));
    });
    const { times } = head.yaw;
    const of = (each: (one: (typeof all)[number]) => number): Movement => {
      const values = Float64Array.from(all, each);
      return { times, values, ...extentOf(values) };
    };
    return {
      'head.x': of(({ x }) => x),
      'head.y': of(({ y }) => y),
      'head.size': of(({ size }) => size),
      'shoulders.x': of(({ shoulders }) => shoulders?.x ?? 0),
      'shoulders.y': of(({ shoulders }) => shoulders?.y ?? 0),
      'shoulders.roll': of(({ shoulders }) => shoulders?.roll ?? 0),
    };
  }

  /** Theirs, and none of the person's own beside them. */
  #blinks(): Lanes {
    if (!reachOf(this.#avatar).ranges['blink.once']) return {};
    const blinks = this.#person.blinks.map((at, place) => ({ ...keyAt(at, 1), id: `${place}` }));
    return { 'blink.rate': laneOf([keyAt(0, 0)]), ...(blinks.length > 0 ? { 'blink.once': laneOf(blinks) } : {}) };
  }

  /**
   * From where the person looks as a rule as far as they look from where they do, but no further than the person's eyes
   * turn in the head that is held like this: drawn together, eyes would meet nobody's.
   */
  async #gaze(held: Lanes): Promise<Lanes> {
    const { ranges, gaze } = reachOf(this.#avatar);
    const { yaw, pitch } = this.#person.gaze;
    if (yaw.times.length === 0) return {}; // their eyes were never seen
    const performance = this.#performed(held);
    const looks = await this.#each(0, (frame) => {
      const wanted = {
        yaw: ranges['gaze.yaw']!.usual + this.#theirs(yaw, frame) - yaw.usual,
        pitch: ranges['gaze.pitch']!.usual + this.#theirs(pitch, frame) - pitch.usual,
      };
      return gaze.of(gaze.with(performance.frame(frame).control, wanted));
    });
    return {
      'gaze.yaw': this.#lane(looks.map((look) => look.yaw)),
      'gaze.pitch': this.#lane(looks.map((look) => look.pitch)),
    };
  }

  /** What is wanted beside what speech, and the lanes so far, do with the face already: it is added to that. */
  async #face(name: (typeof FACE)[number], lanes: Lanes, place: number): Promise<Lanes> {
    const { rig } = this.#avatar;
    const way = reachOf(this.#avatar).face.ways.find((one) => one.name === name)!;
    if (way.below + way.above === 0) return {};
    const movement = this.#person.face[name];
    const performance = this.#performed(lanes);
    const shares = await this.#each(place + 1, (frame) => {
      const wanted = broughtInto(way, movement, this.#theirs(movement, frame));
      return shareFor(rig, way, performance.frame(frame).control, wanted);
    });
    return { [`face.${name}`]: this.#lane(shares) };
  }

  #performed(lanes: Lanes): Performance {
    const { pose } = this;
    return performanceOf(this.#avatar, {
      pose,
      manner: mannerOf(this.#avatar, PLAIN_SPEECH),
      said: this.#driving.said,
      lanes,
    });
  }

  async #each<T>(pass: number, of: (frame: number) => T): Promise<T[]> {
    const { signal, onProgress } = this.#driving;
    const found: T[] = [];
    for (const frame of this.#frames) {
      found.push(of(frame));
      if (found.length % A_WHILE > 0) continue;
      onProgress?.(pass * this.#frames.length + found.length, (FACE.length + 1) * this.#frames.length);
      await othersTurn();
      signal?.throwIfAborted();
    }
    return found;
  }

  #theirs(movement: Movement, frame: number): number {
    return movementAt(movement, frame / this.#fps);
  }

  #lane(values: readonly number[]): NonNullable<Lanes[LaneName]> {
    return laneOf(values.map((value, k) => ({ ...keyAt(this.#frames[k]! / this.#fps, value), id: `${k}` })));
  }
}

/** The frame of the person's own video in which head and eyes are most as usual, and these open. */
function usualRow(avatar: Avatar): number {
  const { rig, idle } = avatar;
  const { pose, gaze } = reachOf(avatar);
  const { open } = blinkHabits(idle, rig);
  const unusual = (row: number): number => {
    const control = controlOf(idle, row);
    const head = headAngles(control);
    const look = gaze.inHead(control.gaze);
    return Math.hypot(
      ...(['yaw', 'pitch', 'roll'] as const).map((axis) => head[axis] - pose.angles[axis].usual),
      ...(['yaw', 'pitch'] as const).map((axis) => look[axis] - gaze[axis].usual),
    );
  };
  const blinking = (row: number): boolean =>
    idle.expression
      .subarray(row * EXPRESSIONS, (row + 1) * EXPRESSIONS)
      .some((value, k) => value !== open[row * EXPRESSIONS + k]);
  const rows = Array.from({ length: idle.frames }, (_, row) => row);
  const good = rows.filter((row) => idle.state[row] === 0 && !blinking(row));
  return good.reduce((best, row) => (unusual(row) < unusual(best) ? row : best), good[0] ?? 0);
}

/** No picture shows less than a thousandth of a degree, or of a share. */
const rounded = (value: number): number => Math.round(value * 1000) / 1000;
const keyAt = (at: number, value: number) => ({ id: '0', at, value: rounded(value), curve: 'linear' }) as const;

function laneOf(keys: NonNullable<Lanes[LaneName]>['keys']): NonNullable<Lanes[LaneName]> {
  return { keys, muted: false, solo: false };
}
