import { EXPRESSIONS, type HeadPose } from '../../../../shared/face/index.ts';
import type { Control, Rig } from '../bundle/index.ts';
import { noFurther } from '../numbers/no-further.ts';
import { type Direction, lookedAt, lookOf } from './angles.ts';
import { EYES, eyeWidths, lookInHead, offsetOf } from './eyes.ts';
import type { Span } from './head.ts';
import { FACE_MEASURES, Measure } from './measures.ts';
import { OWN_RANGE, type OwnRows } from './own-rows.ts';
import { effects, pick, quantile } from './regression.ts';

/** No eye turns further in its head, degrees: what says so is a mistake of the tracking. */
export const FURTHEST = 40;
/**
 * From where they usually look, degrees: so far they turn even where the video never shows it, since what moves is an
 * iris that is known. Further, it looks moved.
 */
const TURNED = { yaw: 20, pitch: 10 } as const;

/**
 * Cm, 20 degrees: an iris that is moved further was mostly behind a corner. Frames that look nearer there are mixed
 * then.
 */
const FARTHEST_MOVE = 0.41;

export interface KeyedGaze {
  /** Where they look, degrees; 0 at the camera. */
  readonly yaw?: number | undefined;
  readonly pitch?: number | undefined;
  /** Share of the way from there to the camera. */
  readonly camera?: number | undefined;
}

/**
 * Where a person's eyes look. The middle of an eye's corners is straight ahead to the sides; up and down, a person is
 * taken to look at the camera's height as a rule, as lids hide where the middle is.
 */
export class OwnGaze {
  /** In the head, between which their own eyes are; degrees. */
  readonly yaw: Span;
  readonly pitch: Span;
  readonly #widths: readonly [number, number]; // cm
  #rest: { readonly x: number; readonly y: number }; // cm, mean of both irises from straight ahead
  /** Between which yaws in their own frames the eyes are. */
  readonly #sides: Pick<Span, 'from' | 'to'>;
  /** Change of the expression [2,64] a degree to the right, and up: what lids do with the eyes. */
  readonly #lids: Float64Array;

  constructor(
    rig: Pick<Rig, 'neutral' | 'expressionBasis' | 'irisNeutral' | 'eyeMask'>,
    { track, rows, open, angles, held }: OwnRows,
  ) {
    const acrossAt = (vertex: number): number => rig.neutral[vertex * 3]!;
    this.#widths = eyeWidths(rig.neutral);
    const aside = EYES.map(({ corners: [a, b], iris }) => rig.irisNeutral[iris * 3]! - (acrossAt(a) + acrossAt(b)) / 2);
    this.#rest = { x: (aside[0]! + aside[1]!) / 2, y: 0 };
    const looks = rows.map((row) => this.inHead(track.gaze.subarray(row * 4, row * 4 + 4)));
    const usually = quantile(
      Float64Array.from(looks, ({ pitch }, n) => pitch + angles[n]!.pitch),
      0.5,
    );
    this.#rest = { ...this.#rest, y: -offsetOf(usually) };
    const own = rows.map((row) => this.inHead(track.gaze.subarray(row * 4, row * 4 + 4)));
    const [yaws, pitches] = [own.map(({ yaw }) => yaw), own.map(({ pitch }) => pitch)].map((all) =>
      Float64Array.from(all),
    ) as [Float64Array, Float64Array];
    const spanOf = (own: Float64Array, turned: number): Span => {
      const [from, usual, to] = [OWN_RANGE.from, 0.5, OWN_RANGE.to].map((share) => quantile(own, share)) as [
        number,
        number,
        number,
      ];
      return {
        from: Math.max(Math.min(from, usual - turned), -FURTHEST),
        usual,
        to: Math.min(Math.max(to, usual + turned), FURTHEST),
      };
    };
    this.#sides = spanOf(yaws, 0);
    this.yaw = spanOf(yaws, TURNED.yaw);
    this.pitch = spanOf(pitches, TURNED.pitch);
    const faces = FACE_MEASURES.filter((name) => name !== 'squint').map((name) => {
      const measure = new Measure(rig, name);
      return Float64Array.from(rows, (row) => measure.at(open, row));
    });
    const change = effects([yaws, pitches, ...faces, ...held], pick(open, rows), EXPRESSIONS);
    this.#lids = masked(rig.eyeMask, change.subarray(0, 2 * EXPRESSIONS));
    const squint = new Measure(rig, 'squint');
    const up = this.#lids.subarray(EXPRESSIONS);
    if (squint.at(up) > squint.rest) up.fill(0); // no lid goes down when its eye looks up: too little was seen
  }

  /** Of a control's gaze [4]. */
  inHead(gaze: Float32Array): Direction {
    return lookInHead(gaze, this.#widths, this.#rest);
  }

  /** Where a control's eyes look. */
  of({ gaze, ...pose }: Pick<Control, 'gaze'> & HeadPose): Direction {
    return lookedAt(this.inHead(gaze), pose);
  }

  /**
   * Eyes that look where it is keyed, within what the person's own eyes do in their head, and lids that go with them;
   * both eyes stay as far from each other as they are.
   */
  with(control: Control, { yaw, pitch, camera = 0 }: KeyedGaze): Control {
    const before = this.inHead(control.gaze);
    const now = lookedAt(before, control);
    const there = { yaw: (yaw ?? now.yaw) * (1 - camera), pitch: (pitch ?? now.pitch) * (1 - camera) };
    const wanted = lookOf(there, control);
    const look = {
      yaw: noFurther(wanted.yaw, this.yaw.from, this.yaw.to, before.yaw),
      pitch: noFurther(wanted.pitch, this.pitch.from, this.pitch.to, before.pitch),
    };
    const [right, left] = this.#widths;
    const x = offsetOf(look.yaw) - offsetOf(before.yaw);
    const y = offsetOf(look.pitch) - offsetOf(before.pitch);
    const g = control.gaze;
    const side = within(look.yaw, this.#sides) - within(before.yaw, this.#sides);
    const up = look.pitch - before.pitch;
    const turned = Float32Array.of(g[0]! + x / right, g[1]! + y / right, g[2]! + x / left, g[3]! + y / left);
    return {
      ...control,
      filmedGaze: this.#near(control.filmedGaze ?? g, turned),
      gaze: turned,
      expression: control.expression.map(
        (value, k) => value + side * this.#lids[k]! + up * this.#lids[EXPRESSIONS + k]!,
      ),
    };
  }

  /** A gaze that was filmed, or on the way from there to another what is near enough to be moved. */
  #near(filmed: Float32Array, gaze: Float32Array): Float32Array {
    const cm = Math.hypot(gaze[0]! - filmed[0]!, gaze[1]! - filmed[1]!) * this.#widths[0];
    if (cm <= FARTHEST_MOVE) return filmed;
    return filmed.map((value, i) => gaze[i]! + ((value - gaze[i]!) * FARTHEST_MOVE) / cm);
  }
}

function within(value: number, { from, to }: Pick<Span, 'from' | 'to'>): number {
  return Math.min(Math.max(value, from), to);
}

function masked(mask: Float32Array, changes: Float64Array): Float64Array {
  return changes.map((_, i) => {
    const [row, k] = [i - (i % EXPRESSIONS), i % EXPRESSIONS];
    let sum = 0;
    for (let j = 0; j < EXPRESSIONS; j++) sum += mask[k * EXPRESSIONS + j]! * changes[row + j]!;
    return sum;
  });
}
