import { type Spread, spreadOf } from '../numbers/spread.ts';
import type { GraphName } from './graph.ts';

/** Frames per second and milliseconds a frame; `fps` follows from the mean, so that slow frames count. */
export interface SpeedFigures extends Spread {
  readonly model: GraphName;
  readonly height: number;
  readonly fps: number;
}

/** Collects frame times. The first few are warm-up (code not yet compiled, memory not yet touched) and do not count. */
class Speed {
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

  /** Of frames of which `atOnce` were under way at any time. */
  figures(atOnce = 1): SpeedFigures {
    const mean = this.#times.reduce((a, b) => a + b, 0) / Math.max(this.#times.length, 1);
    return {
      model: this.#model,
      height: this.#height,
      fps: mean > 0 ? (1000 / mean) * atOnce : 0,
      ...spreadOf(this.#times),
    };
  }
}

interface Timing {
  readonly model: GraphName;
  readonly height: number;
  /** About as long. */
  readonly budgetMs: number;
  /** Frames that are kept under way. */
  readonly atOnce: number;
}

/** Times whole portraits; `draw` draws one frame, into a picture that it drew before. */
export async function timed(
  { model, height, budgetMs, atOnce }: Timing,
  draw: (frame: number, into: Uint8Array | undefined) => Promise<{ readonly pixels: Uint8Array }>,
): Promise<SpeedFigures> {
  const speed = new Speed(model, height);
  const end = performance.now() + budgetMs;
  let next = 0;
  async function oneAfterTheOther(): Promise<void> {
    let into: Uint8Array | undefined;
    while (performance.now() < end || speed.count < Speed.LEAST) {
      const begin = performance.now();
      into = (await draw(next++, into)).pixels;
      speed.add(performance.now() - begin);
    }
  }
  await Promise.all(Array.from({ length: atOnce }, oneAfterTheOther));
  return speed.figures(atOnce);
}
