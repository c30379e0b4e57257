import { type Spread, spreadOf } from '../numbers/spread.ts';
import type { GraphName } from './graph.ts';

/** Frames per second and milliseconds a frame; `fps` follows from the mean, so that slow frames count. */
export interface SpeedFigures extends Spread {
  readonly model: GraphName;
  readonly height: number;
  readonly fps: number;
}

/** Collects frame times. The first few are warm-up (code not yet compiled, memory not yet touched) and do not count. */
export class Speed {
  static readonly LEAST = 8;
  static readonly WARM_UP = 3;
  readonly #model: GraphName;
  readonly #height: number;
  readonly #times: number[] = [];
  #seen = 0;

  constructor(model: GraphName, height: number) {
    this.#model = model;
    this.#height = height;
  }

  get count(): number {
    return this.#times.length;
  }

  add(milliseconds: number): void {
    this.#seen += 1;
    if (this.#seen > Speed.WARM_UP) this.#times.push(milliseconds);
  }

  figures(): SpeedFigures {
    const mean = this.#times.reduce((a, b) => a + b, 0) / Math.max(this.#times.length, 1);
    return {
      model: this.#model,
      height: this.#height,
      fps: mean > 0 ? 1000 / mean : 0,
      ...spreadOf(this.#times),
    };
  }
}
