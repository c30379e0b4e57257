import { projectVertex, VERTICES } from '../../../../shared/face/index.ts';
import { type Control, controlOf, type MotionTrack, type Rig } from '../bundle/index.ts';
import { stillView } from './portrait.ts';
import type { View } from './resample.ts';

/** A portrait is not narrower than this share of what its own shape shows: hair and ears need it. */
const LEAST_SHARE = 0.66;
/** A little is rather cut off above than added at the sides. */
const LEAST_SHARE_OF_HEIGHT = 0.96;
/** Frames that tell where a head usually is. */
const LOOKS = 50;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** What portraits of a shape show: the part of the source around the head, and how far the person is known there. */
export class Framing {
  /** Null while the camera follows the head. */
  readonly #still: View | null;
  /** Where the head's middle is, as a share of the width. */
  readonly #middle: number;
  readonly #aspect: number;
  readonly #torso: Float32Array;

  constructor(rig: Rig, idle: MotionTrack, source: Size, aspect: number | null) {
    this.#still = stillView(idle, source);
    const looks = looksOf(idle);
    this.#middle = middle(looks.map((control) => headShare(rig, control, this.#known(control))));
    this.#aspect = aspect ?? (this.#still ? this.#still.width / this.#still.height : 1);
    this.#torso = Float32Array.from({ length: 6 }, (_, k) => middle(looks.map(({ torso }) => torso[k]!)));
  }

  /** Whether every picture shows the same place. */
  get isStill(): boolean {
    return this.#still !== null;
  }

  /** The size of pictures of so many rows, both even. */
  size(rows: number): Size {
    const height = Math.max(2, 2 * Math.floor(rows / 2));
    return { width: Math.max(2, 2 * Math.round((height * this.#aspect) / 2)), height };
  }

  /** Lower edge on lower edge: below it there is nothing of the person. Above and beside it may be background alone. */
  view(control: Control): View {
    const known = this.#known(control);
    const { width, height } = this.#shown(known);
    const centred = known.x0 + this.#middle * known.width - width / 2;
    const most = known.x0 + known.width - width;
    const x0 = most >= known.x0 ? Math.min(Math.max(centred, known.x0), most) : centred;
    return { x0, y0: known.y0 + known.height - height, width, height };
  }

  #shown(known: View): Size {
    const rows = known.width / this.#aspect;
    if (rows >= known.height * LEAST_SHARE_OF_HEIGHT) {
      const width = Math.max(Math.min(this.#aspect * known.height, known.width), LEAST_SHARE * known.width);
      return { width, height: width / this.#aspect };
    }
    return { width: this.#aspect * known.height, height: known.height };
  }

  /**
   * From where to where, in source pixels, shoulders are known, where more than that is shown: it moves along with
   * them.
   */
  reach(control: Control): readonly [left: number, right: number] | null {
    const [x0, , size] = control.crop as unknown as [number, number, number];
    const known = this.#known(control);
    if (this.#shown(known).width < known.width * 1.001) return null;
    const moved = this.#still ? this.#shouldersMoved(control, known) : 0;
    return [Math.max(x0, known.x0 + moved), Math.min(x0 + size, known.x0 + known.width + moved)];
  }

  #known({ crop }: Control): View {
    const [x0, y0, size] = crop as unknown as [number, number, number];
    return this.#still ?? { x0, y0, width: size, height: size };
  }

  /** How far to the right of where they usually are, at the foot of what is known. */
  #shouldersMoved({ torso }: Control, { x0, y0, width, height }: View): number {
    const [a, b, c, d, e, f] = this.#torso as unknown as [number, number, number, number, number, number];
    const [x, y] = [x0 + width / 2 - c, y0 + height - f];
    const whole = a * e - b * d;
    if (Math.abs(whole) < 1e-6) return 0;
    const [u, v] = [(e * x - b * y) / whole, (a * y - d * x) / whole];
    return torso[0]! * u + torso[1]! * v + torso[2]! - (x + c);
  }
}

function looksOf(idle: MotionTrack): readonly Control[] {
  const good = Array.from({ length: idle.frames }, (_, frame) => frame).filter((frame) => idle.state[frame] === 0);
  const rows = good.length > 0 ? good : [0];
  const every = Math.max(1, Math.floor(rows.length / LOOKS));
  return rows.filter((_, index) => index % every === 0).map((row) => controlOf(idle, row));
}

/** Where the face's mean vertex is seen, as a share of a view's width. */
function headShare(rig: Rig, control: Control, { x0, width }: View): number {
  const seen = new Float64Array(3);
  let sum = 0;
  for (let vertex = 0; vertex < VERTICES; vertex++) {
    projectVertex(rig, control, rig.neutral, vertex * 3, seen);
    sum += seen[0]!;
  }
  return (sum / VERTICES - x0) / width;
}

function middle(values: readonly number[]): number {
  return Float64Array.from(values).sort()[values.length >> 1]!;
}
