import type { GraphName } from './graph.ts';

/** Frames per second and milliseconds a frame; `fps` follows from the mean, so that slow frames count. */
export interface SpeedFigures {
  readonly model: GraphName;
  readonly height: number;
  readonly fps: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
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
    const sorted = this.#times.toSorted((a, b) => a - b);
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
    const mean = sorted.reduce((a, b) => a + b, 0) / Math.max(sorted.length, 1);
    return {
      model: this.#model,
      height: this.#height,
      fps: mean > 0 ? 1000 / mean : 0,
      p50Ms: at(0.5),
      p95Ms: at(0.95),
    };
  }
}
