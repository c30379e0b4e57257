import { type CameraPart, type CameraParts, LANES_OF_PART } from '../../../shared/contract/live-camera.ts';
import type { LaneName, Lanes } from '../../../shared/domain/lanes/index.ts';
import {
  type AvatarDescription,
  type Control,
  type Extent,
  laneOf,
  type LiveDoing,
  OneEuro,
  placed,
  type Placed,
  type PlaceLane,
  type Reach,
  reachOf,
  restingExpression,
  softlyInto,
  type Steadiness,
} from '../engine/index.ts';
import { extentIn, offOf, shareFor } from './driven-lanes.ts';
import type { Performance } from './performance.ts';

/** What lanes are at a moment; `blink.once`: a blink begins. */
export type LaneValues = { readonly [Name in LaneName]?: number };
type FaceWay = Reach['face']['ways'][number];

/** A moment of somebody before a camera. */
export interface LiveMoment {
  /** Of the timeline. */
  readonly frame: number;
  /** When it was filmed, seconds of any clock. */
  readonly at: number;
  /** Null where they are not to be seen. */
  readonly does: LiveDoing | null;
}

/** Seconds in which a person who is lost, or found again, gives way to what the take does by itself, or takes over. */
const EASE_SECONDS = 0.6;
/** In which what was their furthest counts for a third. */
const FORGOTTEN_SECONDS = 20;
/** Of the eyes: a blink begins below the first, and the next one may after they were above the second. */
const SHUT = { below: 0.6, again: 0.75 } as const;
/** Blinks that may still be seen. */
const REMEMBERED_BLINKS = 4;
/** Against the tracker's trembling; a mouth is late by less than is heard. */
const STEADY = {
  head: { still: 1.5, moving: 0.06 }, // degrees
  gaze: { still: 1.5, moving: 0.04 },
  face: { still: 3, moving: 1.5 }, // cm
  place: { still: 1.5, moving: 0.3 }, // cm
  shoulders: { still: 1.5, moving: 0.3 }, // cm, degrees
} as const satisfies Record<string, Steadiness>;
const HEAD = ['yaw', 'pitch', 'roll'] as const;
const LOOK = ['yaw', 'pitch'] as const;

/**
 * What somebody before a camera does becomes lanes of an avatar, moment by moment and from the past alone: head and
 * face from what is usual of this person as far as they go from their calm moment, eyes where they look; all within
 * this person's range.
 */
export class LiveDriving {
  readonly #avatar: AvatarDescription;
  readonly #reach: Reach;
  /** How far this person's face goes from a calm one, cm. */
  readonly #calm: ReadonlyMap<FaceWay['name'], Extent>;
  readonly #steady = new Map<string, OneEuro>();
  /** How far their face went of late on each side, cm. */
  readonly #furthest = new Map<string, number>();
  /** How much of what is shown is theirs, 0..1. */
  #theirs = 0;
  #last: LiveDoing | undefined;
  #at: number | undefined;
  #shut = false;
  #blinks: readonly number[] = []; // of the timeline, seconds

  constructor(avatar: AvatarDescription) {
    this.#avatar = avatar;
    this.#reach = reachOf(avatar);
    this.#calm = new Map(this.#reach.face.ways.map((way) => [way.name, calmExtent(avatar, way)]));
  }

  /** By how much each lane may be off when it is kept. */
  get off(): LaneValues {
    const names = Object.values(LANES_OF_PART)
      .flat()
      .filter((name) => !name.startsWith('blink.'));
    return Object.fromEntries(names.filter((name) => this.#has(name)).map((name) => [name, offOf(this.#avatar, name)]));
  }

  /** The next moment, in the parts that are theirs; `performance` is what the take does by itself. */
  moved(performance: Performance, { frame, at, does }: LiveMoment, parts: CameraParts): LaneValues {
    const steady = does && this.#steadied(does, at);
    this.#ease(at, steady !== null);
    this.#last = steady ?? this.#last;
    const theirs = this.#last;
    if (!theirs) return {};
    const own = performance.frame(frame).control;
    let values: LaneValues = {};
    const control = () => performance.under(lanesOf(values, this.#blinks))(frame).control;
    if (parts.head) values = { ...values, ...this.#head(theirs, own) };
    if (parts.place || parts.shoulders) values = { ...values, ...this.#placed(theirs, own, parts) };
    if (parts.blinks && this.#has('blink.once'))
      values = { ...values, ...this.#blinking(theirs, frame / this.#avatar.manifest.source.fps) };
    if (parts.gaze) values = { ...values, ...this.#gaze(theirs, own, control()) };
    for (const name of [...faceOf(parts, 'mouth'), ...faceOf(parts, 'brows')])
      values = { ...values, ...this.#face(name, theirs, control()) };
    return values;
  }

  /** Lanes of these values, to be performed. */
  lanes(values: LaneValues): Lanes {
    return lanesOf(values, this.#blinks);
  }

  #has(name: LaneName): boolean {
    return this.#reach.ranges[name] !== undefined;
  }

  #steadied({ head, gaze, face, whereabouts, openness }: LiveDoing, at: number): LiveDoing {
    const each = <T extends Readonly<Record<string, number>>>(kind: keyof typeof STEADY, all: T): T =>
      Object.fromEntries(
        Object.entries(all).map(([name, value]) => {
          const key = `${kind}.${name}`;
          const filter = this.#steady.get(key) ?? new OneEuro(STEADY[kind]);
          this.#steady.set(key, filter);
          return [name, filter.next(value, at)];
        }),
      ) as unknown as T;
    const { shoulders, depth } = whereabouts;
    return {
      head: each('head', { ...head }),
      gaze: each('gaze', { ...gaze }),
      face: each('face', face),
      whereabouts: {
        head: each('place', { ...whereabouts.head }),
        depth,
        // for a moment out of sight they are where they were
        shoulders: shoulders ? each('shoulders', { ...shoulders }) : this.#last?.whereabouts.shoulders,
      },
      openness,
    };
  }

  #ease(at: number, seen: boolean): void {
    const seconds = Math.max(0, at - (this.#at ?? at));
    this.#at = at;
    const by = seconds / EASE_SECONDS;
    this.#theirs = Math.min(Math.max(this.#theirs + (seen ? by : -by), 0), 1);
    for (const [side, cm] of this.#furthest) this.#furthest.set(side, cm * Math.exp(-seconds / FORGOTTEN_SECONDS));
    if (!seen && this.#theirs === 0) for (const filter of this.#steady.values()) filter.forget();
  }

  #head(theirs: LiveDoing, own: Control): LaneValues {
    return Object.fromEntries(
      HEAD.map((axis) => {
        const name: LaneName = `head.${axis}`;
        const wanted = softlyInto(extentIn(this.#reach.ranges[name]!), theirs.head[axis]);
        return [name, this.#between(laneOf(this.#reach, name, own), wanted)];
      }),
    );
  }

  /** Where all of them is, and their shoulders, as far as these are seen. */
  #placed(theirs: LiveDoing, own: Control, parts: CameraParts): LaneValues {
    const { pose } = this.#reach;
    const { x, y, size, shoulders }: Placed = placed(theirs.whereabouts, pose.takenBy(theirs.head));
    const away: Partial<Record<PlaceLane, number>> = {
      ...(parts.place ? { 'head.x': x, 'head.y': y, 'head.size': size - 1 } : {}),
      ...(parts.shoulders && shoulders
        ? { 'shoulders.x': shoulders.x, 'shoulders.y': shoulders.y, 'shoulders.roll': shoulders.roll }
        : {}),
    };
    return Object.fromEntries(
      (Object.entries(away) as [PlaceLane, number][]).map(([name, by]) => {
        const wanted = softlyInto(pose.went[name], by);
        return [name, this.#between(laneOf(this.#reach, name, own), wanted)];
      }),
    );
  }

  /** No further than the person's eyes turn in a head that is held as in `held`: drawn together they meet nobody's. */
  #gaze(theirs: LiveDoing, own: Control, held: Control): LaneValues {
    const { gaze } = this.#reach;
    const look = gaze.of(gaze.with(held, theirs.gaze));
    return Object.fromEntries(
      LOOK.map((axis) => {
        const name: LaneName = `gaze.${axis}`;
        return [name, this.#between(laneOf(this.#reach, name, own), look[axis])];
      }),
    );
  }

  #face(name: FaceWay['name'], theirs: LiveDoing, control: Control): LaneValues {
    const way = this.#reach.face.ways.find((one) => one.name === name)!;
    if (way.below + way.above === 0) return {};
    const calm = this.#calm.get(name)!;
    const wanted = calm.usual + this.#drawn(name, calm, theirs.face[name]);
    return { [`face.${name}`]: rounded(this.#theirs * shareFor(this.#avatar.rig, way, control, wanted)) };
  }

  /**
   * Drawn together on a side where they went further than this person of late: what they will do is not known, and a
   * face that goes beyond the range now and then must not stand still at its end.
   */
  #drawn(name: FaceWay['name'], { below, above }: Extent, away: number): number {
    const side = `${name} ${away < 0 ? 'below' : 'above'}`;
    const room = away < 0 ? below : above;
    const furthest = Math.max(Math.abs(away), room, this.#furthest.get(side) ?? 0);
    this.#furthest.set(side, furthest);
    return (away * room) / furthest;
  }

  /** Theirs begin one by one, and the person's own are held back meanwhile. */
  #blinking({ openness }: LiveDoing, seconds: number): LaneValues {
    const begins = !this.#shut && openness < SHUT.below && this.#theirs > 0;
    if (openness < SHUT.below) this.#shut = true;
    else if (openness > SHUT.again) this.#shut = false;
    if (begins) this.#blinks = [...this.#blinks.filter((at) => at < seconds), seconds].slice(-REMEMBERED_BLINKS);
    return { 'blink.amount': rounded(1 - this.#theirs), ...(begins ? { 'blink.once': 1 } : {}) };
  }

  #between(own: number, theirs: number): number {
    return rounded(own + this.#theirs * (theirs - own));
  }
}

/** What is usual of a mouth is of one that speaks: a calm one rests. */
function calmExtent({ rig }: AvatarDescription, { name, measure, usual, below, above }: FaceWay): Extent {
  const ofMouth = LANES_OF_PART.mouth.some((lane) => lane === `face.${name}`);
  const rest = ofMouth ? measure.at(restingExpression(rig)) : usual;
  const calm = Math.min(Math.max(rest, usual - below), usual + above);
  return { usual: calm, below: calm - (usual - below), above: usual + above - calm };
}

function faceOf(parts: CameraParts, part: Extract<CameraPart, 'brows' | 'mouth'>): FaceWay['name'][] {
  return parts[part] ? LANES_OF_PART[part].map((name) => name.slice('face.'.length) as FaceWay['name']) : [];
}

function lanesOf(values: LaneValues, blinks: readonly number[]): Lanes {
  const lane = (keys: NonNullable<Lanes[LaneName]>['keys']) => ({ keys, muted: false, solo: false });
  const entries = Object.entries(values)
    .filter(([name]) => name !== 'blink.once')
    .map(([name, value]) => [name, lane([{ id: 'now', at: 0, value, curve: 'hold' }])]);
  const once = lane(blinks.map((at, k) => ({ id: `${k}`, at, value: 1, curve: 'hold' })));
  const blinking = values['blink.amount'] !== undefined && blinks.length > 0;
  return Object.fromEntries([...entries, ...(blinking ? [['blink.once', once]] : [])]);
}

/** No picture shows less than a thousandth of a degree, or of a share. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
