import type { Control } from '../../bundle/index.ts';
import { kernelFloats } from '../../kernels/index.ts';
import type { ChartLevel } from './appearance.ts';
import { gatherInputs, INPUTS, type Likeness, mixtureOf } from './likeness.ts';
import { PackedTextures } from './packed.ts';
import { type Spans, spansOf, widen } from './spans.ts';

/** The chart as it looks at a control: the mean, and each region's textures by what the control is like. */
export class ChartMixer {
  /** [S,S,4] colour times alpha, and alpha, 0..255; rewritten by each `mix`. */
  readonly chart: Float32Array;
  /** What of the chart may be other than 0. */
  readonly spans: Spans;
  readonly #mean: Float32Array;
  readonly #regions: readonly { readonly likeness: Likeness; readonly packed: PackedTextures }[];
  readonly #inputs = new Float64Array(INPUTS);
  readonly #traits: Float64Array;
  readonly #weights: Float64Array;

  constructor({ mean, side, regions }: ChartLevel) {
    this.#mean = mean;
    this.chart = kernelFloats(mean.length);
    this.spans = spansOf(mean, side, side);
    for (const { left, top, height, spans } of regions)
      for (let row = 0; row < height; row++)
        widen(
          this.spans,
          top + row,
          left + spans[row * 2]!,
          spans[row * 2 + 1]! === 0 ? 0 : left + spans[row * 2 + 1]!,
        );
    this.#regions = regions.map((basis) => {
      const { textures: _, ...likeness } = basis; // they are there once, packed
      return { likeness, packed: new PackedTextures(basis, side) };
    });
    this.#traits = new Float64Array(Math.max(...regions.map(({ traitCount }) => traitCount)));
    this.#weights = new Float64Array(Math.max(...regions.map(({ mixtureCount }) => mixtureCount)));
  }

  mix(control: Control): void {
    this.chart.set(this.#mean);
    gatherInputs(control, this.#inputs);
    for (const { likeness, packed } of this.#regions) {
      mixtureOf(likeness, this.#inputs, this.#traits, this.#weights);
      packed.addTo(this.chart, this.#weights);
    }
  }
}
