import type { Control } from '../../bundle/index.ts';
import { kernelFloats } from '../../kernels/index.ts';
import { gatherInputs, INPUTS, type Likeness, mixtureOf } from './likeness.ts';
import { TextureMixture } from './packed.ts';
import type { PreparedLevel } from './prepared.ts';

/** The chart as it looks at a control: the mean, and each region's textures by what the control is like. */
export class ChartMixer {
  /** [S,S,4] colour times alpha, and alpha, 0..255. */
  readonly chart: Float32Array;
  readonly #regions: readonly { readonly likeness: Likeness; readonly mixture: TextureMixture }[];
  readonly #inputs = new Float64Array(INPUTS);
  readonly #traits: Float64Array;
  readonly #weights: Float64Array;

  constructor({ mean, regions }: PreparedLevel) {
    this.chart = kernelFloats(mean.length);
    this.#regions = regions.map(({ likeness, packed }) => ({ likeness, mixture: new TextureMixture(packed) }));
    this.#traits = new Float64Array(Math.max(...regions.map(({ likeness }) => likeness.traitCount)));
    this.#weights = new Float64Array(Math.max(...regions.map(({ likeness }) => likeness.mixtureCount)));
  }

  /** Adds the textures to what the chart holds. */
  add(control: Control): void {
    gatherInputs(control, this.#inputs);
    for (const { likeness, mixture } of this.#regions) {
      mixtureOf(likeness, this.#inputs, this.#traits, this.#weights);
      mixture.addTo(this.chart, this.#weights);
    }
  }
}
