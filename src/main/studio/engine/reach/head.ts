import type { Camera } from '../../../../shared/face/index.ts';
import { type Control, controlOf, type Rig } from '../bundle/index.ts';
import { headAngles, type HeadAngles, headRotation } from './angles.ts';
import { type Extent, extentOf } from './extent.ts';
import type { OwnRows } from './own-rows.ts';
import { effects, pick, quantile } from './regression.ts';
import { placed, SHOULDERS_BELOW, type Whereabouts } from './whereabouts.ts';

/** Degrees beyond what was filmed that a head is drawn well enough. */
const BEYOND = 5;
/** Degrees from how a frame was filmed where nothing of its sway is left: it says little of a head that is turned. */
const SWAYLESS = 5;
/** Quantiles of the person's own frames between which what was filmed lies. */
const [LOW, HIGH] = [0.01, 0.99];
const AXES = ['yaw', 'pitch', 'roll'] as const satisfies readonly (keyof HeadAngles)[];

/** What is keyed of a head: degrees; cm from where it usually is; times as large as usual. */
export type KeyedHead = { readonly [Part in keyof HeadAngles | 'x' | 'y' | 'size']?: number | undefined };
/** cm from where they usually are; degrees. */
export type KeyedShoulders = { readonly [Part in 'x' | 'y' | 'roll']?: number | undefined };

/** Lanes of where somebody is. */
export type PlaceLane = `head.${'x' | 'y' | 'size'}` | `shoulders.${'x' | 'y' | 'roll'}`;

export interface Span {
  readonly from: number;
  readonly to: number;
  readonly usual: number;
}

/** How a person holds head and shoulders before their camera. */
export class OwnPose {
  readonly angles: Readonly<Record<keyof HeadAngles, Span>>;
  /** Half of what the camera sees where the head usually is, cm. */
  readonly sees: { readonly x: number; readonly y: number };
  /** Where the head usually is, cm. */
  readonly place: readonly [number, number, number];
  /** How far they went: beyond it the picture's edge, where their body ends, would come into sight. */
  readonly went: Readonly<Record<PlaceLane, Extent>>;
  readonly #camera: Camera;
  /** cm by which each degree of yaw, pitch and roll takes the head along: it turns about the neck [3,3]. */
  readonly #taken: Float64Array;
  readonly #shoulders: { readonly x: number; readonly y: number; readonly roll: number };

  constructor(
    { focal, principal }: Pick<Rig, 'focal' | 'principal'>,
    { track, rows, angles, held }: OwnRows,
    source: { readonly width: number; readonly height: number },
  ) {
    this.#camera = { focal, principal };
    const spans = AXES.map((axis) => {
      const own = Float64Array.from(angles, (angle) => angle[axis]);
      const [from, to] = [quantile(own, LOW) - BEYOND, quantile(own, HIGH) + BEYOND];
      return [axis, { from, to, usual: quantile(own, 0.5) }] as const;
    });
    this.angles = Object.fromEntries(spans) as unknown as Record<keyof HeadAngles, Span>;
    const places = pick(track.translation, rows, 3);
    const usual = (axis: number): number =>
      quantile(
        Float64Array.from(rows, (_, n) => places[n * 3 + axis]!),
        0.5,
      );
    this.place = [usual(0), usual(1), usual(2)];
    this.#taken = effects(held.slice(0, AXES.length), places, 3);
    const depth = -this.place[2];
    this.sees = { x: (source.width * depth) / focal / 2, y: (source.height * depth) / focal / 2 };
    const middle = (of: (torso: Float32Array) => number): number =>
      quantile(
        Float64Array.from(rows, (row) => of(track.torso.subarray(row * 6, row * 6 + 6))),
        0.5,
      );
    const [x, y] = this.#shoulderPoint();
    this.#shoulders = {
      x: middle((t) => t[0]! * x + t[1]! * y + t[2]!),
      y: middle((t) => t[3]! * x + t[4]! * y + t[5]!),
      roll: middle((t) => Math.atan2(t[3]!, t[0]!)),
    };
    const all = rows.map((row, n) => {
      const [yaw, pitch, roll] = AXES.map((axis) => angles[n]![axis] - this.angles[axis].usual) as [
        number,
        number,
        number,
      ];
      return placed(this.whereabouts(controlOf(track, row)), this.takenBy({ yaw, pitch, roll }));
    });
    const far = (of: (one: (typeof all)[number]) => number): Extent => extentOf(Float64Array.from(all, of));
    this.went = {
      'head.x': far((one) => one.x),
      'head.y': far((one) => one.y),
      'head.size': far((one) => one.size),
      'shoulders.x': far(({ shoulders }) => shoulders!.x),
      'shoulders.y': far(({ shoulders }) => shoulders!.y),
      'shoulders.roll': far(({ shoulders }) => shoulders!.roll),
    };
  }

  /**
   * A control as it is with what is keyed; head and shoulders go where the head is placed. The further that is from how
   * the frame was filmed, the less of its sway is left: hair and clothes do what the control foretells.
   */
  with(control: Control, head: KeyedHead, shoulders: KeyedShoulders): Control {
    const turned = AXES.some((axis) => head[axis] !== undefined) ? this.#turned(control, head) : control;
    const shifted = Object.values(shoulders).some((value) => value !== undefined)
      ? { ...turned, torso: this.#torso(turned.torso, shoulders) }
      : turned;
    const placed = head.x !== undefined || head.y !== undefined || head.size !== undefined;
    const held = placed ? this.#placed(shifted, head) : shifted;
    if (!control.sway || held === control) return held;
    const share = Math.max(0, 1 - this.#apart(control, held) / SWAYLESS);
    return { ...held, sway: control.sway.map((value) => share * value) };
  }

  /** Where head and shoulders are, as it would be keyed. */
  of(control: Control): Required<{ readonly [Part in keyof KeyedHead]: number }> & {
    readonly shoulders: { readonly x: number; readonly y: number; readonly roll: number };
  } {
    const [tx, ty, tz] = this.place;
    const [x, y, z] = control.translation as unknown as [number, number, number];
    const [px, py] = this.#shoulderPoint();
    const t = control.torso;
    const usual = this.#shoulders;
    const cm = -tz / this.#camera.focal;
    return {
      ...headAngles(control),
      x: x - (tx * z) / tz,
      y: y - (ty * z) / tz,
      size: tz / z,
      shoulders: {
        x: cm * (t[0]! * px + t[1]! * py + t[2]! - usual.x),
        y: -cm * (t[3]! * px + t[4]! * py + t[5]! - usual.y),
        roll: ((Math.atan2(t[3]!, t[0]!) - usual.roll) * 180) / Math.PI,
      },
    };
  }

  /** Where they are in a control, from where they usually are. */
  whereabouts(control: Control): Whereabouts {
    const [x, y, z] = [0, 1, 2].map((axis) => control.translation[axis]! - this.place[axis]!) as [
      number,
      number,
      number,
    ];
    return { head: { x, y, z }, depth: -this.place[2], shoulders: this.of(control).shoulders };
  }

  /** cm by which turning a head by so many degrees takes it along. */
  takenBy(degrees: HeadAngles): [x: number, y: number, z: number] {
    const along = (axis: number): number =>
      AXES.reduce((sum, turn, a) => sum + this.#taken[a * 3 + axis]! * degrees[turn], 0);
    return [along(0), along(1), along(2)];
  }

  #turned(control: Control, head: KeyedHead): Control {
    const own = headAngles(control);
    const held = Object.fromEntries(
      AXES.map((axis) => {
        const { from, to } = this.angles[axis];
        const wanted = head[axis];
        return [axis, wanted === undefined ? own[axis] : Math.min(Math.max(wanted, from), to)];
      }),
    ) as unknown as HeadAngles;
    const [yaw, pitch, roll] = AXES.map((axis) => held[axis] - own[axis]) as [number, number, number];
    const taken = this.takenBy({ yaw, pitch, roll });
    const translation = control.translation.map((value, k) => value + taken[k]!);
    return { ...control, translation, rotation: headRotation(held, translation) };
  }

  /** From where the person usually is, all of them in the picture is moved and made larger or smaller alike. */
  #placed(control: Control, { x, y, size }: KeyedHead): Control {
    const own = headAngles(control);
    const [tx, ty, tz] = this.place;
    const t = control.translation;
    const scale = size ?? 1;
    const was = this.#seen(this.place);
    const is = this.#seen([tx / scale + (x ?? 0), ty / scale + (y ?? 0), tz / scale]);
    const moved = ([px, py]: readonly [number, number]): [number, number] => [
      is[0] + scale * (px - was[0]),
      is[1] + scale * (py - was[1]),
    ];
    const start = [
      x === undefined ? t[0]! : tx,
      y === undefined ? t[1]! : ty,
      size === undefined ? t[2]! : tz,
    ] as const;
    const translation = this.#at(moved(this.#seen(start)), start[2] / scale);
    const [cropX, cropY] = moved([control.crop[0]!, control.crop[1]!]);
    const a = control.torso;
    const [torsoX, torsoY] = moved([a[2]!, a[5]!]);
    return {
      ...control,
      translation,
      rotation: headRotation(own, translation),
      crop: Float32Array.of(cropX, cropY, control.crop[2]! * scale),
      torso: Float32Array.of(a[0]! * scale, a[1]! * scale, torsoX, a[3]! * scale, a[4]! * scale, torsoY),
    };
  }

  #torso(torso: Float32Array, { x, y, roll }: KeyedShoulders): Float32Array {
    const usual = this.#shoulders;
    const [px, py] = this.#shoulderPoint();
    const scale = Math.hypot(torso[0]!, torso[3]!);
    const angle = roll === undefined ? Math.atan2(torso[3]!, torso[0]!) : usual.roll + (roll * Math.PI) / 180;
    const [sin, cos] = [scale * Math.sin(angle), scale * Math.cos(angle)];
    const pixels = this.#camera.focal / -this.place[2];
    const [nowX, nowY] = [torso[0]! * px + torso[1]! * py + torso[2]!, torso[3]! * px + torso[4]! * py + torso[5]!];
    const toX = x === undefined ? nowX : usual.x + x * pixels;
    const toY = y === undefined ? nowY : usual.y - y * pixels;
    return Float32Array.of(cos, -sin, toX - (cos * px - sin * py), sin, cos, toY - (sin * px + cos * py));
  }

  /** How differently head, neck and shoulders are held in two controls, degrees; wherever and however large that is. */
  #apart(one: Control, other: Control): number {
    const [a, b] = [this.#heldAngles(one), this.#heldAngles(other)];
    return Math.hypot(...a.map((angle, k) => angle - b[k]!));
  }

  /** Degrees of the head, the shoulders, and the neck: where the head is beside the shoulders, seen from them. */
  #heldAngles(control: Control): number[] {
    const { yaw, pitch, roll } = headAngles(control);
    const [x, y, z] = control.translation as unknown as [number, number, number];
    const [headX, headY] = this.#seen([x, y, z]);
    const [px, py] = this.#shoulderPoint();
    const t = control.torso;
    const neck = (SHOULDERS_BELOW * this.#camera.focal) / -z;
    const aside = (t[0]! * px + t[1]! * py + t[2]! - headX) / neck;
    const below = (t[3]! * px + t[4]! * py + t[5]! - headY) / neck;
    const others = [aside, below, Math.atan2(t[3]!, t[0]!)];
    return [yaw, pitch, roll, ...others.map((radians) => (radians * 180) / Math.PI)];
  }

  /** Between the shoulders, where the head usually is: source pixels of the torso's reference frame. */
  #shoulderPoint(): [number, number] {
    const [x, y, z] = this.place;
    return this.#seen([x, y - SHOULDERS_BELOW, z]);
  }

  #seen([x, y, z]: readonly [number, number, number]): [number, number] {
    const { focal, principal } = this.#camera;
    return [principal[0]! - (focal * x) / z, principal[1]! + (focal * y) / z];
  }

  /** What is seen there, at a depth (below 0). */
  #at([x, y]: readonly [number, number], z: number): Float32Array {
    const { focal, principal } = this.#camera;
    return Float32Array.of(((principal[0]! - x) * z) / focal, ((y - principal[1]!) * z) / focal, z);
  }
}
